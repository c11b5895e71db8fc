-- Counts one more delivery of what the consumer holds with the expected count, or with the next
-- one (then it was counted before), and returns the entries.
-- KEYS: stream
-- ARGV: group, consumer, smallest id, largest id, expected count, next count, then the ids
-- Returns: for each id 1 done, 0 not ours, -1 gone, each followed by the fields if done, else nil

return run(function()
  local consumer, expected, next_count = ARGV[2], tonumber(ARGV[5]), tonumber(ARGV[6])
  local ids = {}
  for i = 7, #ARGV do
    ids[#ids + 1] = ARGV[i]
  end
  local counts = counts_of(consumer, ids, ARGV[3], ARGV[4])

  local claim = { 'XCLAIM', KEYS[1], ARGV[1], consumer, 0 }
  for _, id in ipairs(ids) do
    if counts[id] == expected or counts[id] == next_count then
      claim[#claim + 1] = id
    end
  end
  local fields = {}
  if #claim > 5 then
    claim[#claim + 1] = 'RETRYCOUNT'
    claim[#claim + 1] = ARGV[6]
    for _, claimed in ipairs(call(unpack(claim))) do
      if claimed then
        fields[claimed[1]] = claimed[2]
      end
    end
  end

  local reply = {}
  for _, id in ipairs(ids) do
    local answer
    if not counts[id] then
      answer = missing(id)
    elseif counts[id] ~= expected and counts[id] ~= next_count then
      answer = NOT_OURS
    elseif fields[id] then
      answer = DONE
    else
      call('XACK', KEYS[1], ARGV[1], id)
      answer = GONE
    end
    reply[#reply + 1] = answer
    reply[#reply + 1] = answer == DONE and fields[id] or false
  end
  return reply
end)
