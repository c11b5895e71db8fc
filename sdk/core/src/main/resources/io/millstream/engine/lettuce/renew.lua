-- Resets the idle time of what the consumer holds with the expected count.
-- KEYS: stream
-- ARGV: group, consumer, smallest id, largest id, then id and expected count of each entry
-- Returns: for each entry 1 done, 0 not ours, -1 gone

return run(function()
  local consumer = ARGV[2]
  local ids, expected = {}, {}
  for i = 5, #ARGV, 2 do
    ids[#ids + 1] = ARGV[i]
    expected[ARGV[i]] = tonumber(ARGV[i + 1])
  end
  local counts = counts_of(consumer, ids, ARGV[3], ARGV[4])

  local claim = { 'XCLAIM', KEYS[1], ARGV[1], consumer, 0 }
  for _, id in ipairs(ids) do
    if counts[id] == expected[id] then
      claim[#claim + 1] = id
    end
  end
  local renewed = {}
  if #claim > 5 then
    claim[#claim + 1] = 'JUSTID'
    for _, id in ipairs(call(unpack(claim))) do
      renewed[id] = claim_sees_deleted or entry(id) ~= nil
    end
  end

  local answers = {}
  for i, id in ipairs(ids) do
    if not counts[id] then
      answers[i] = missing(id)
    elseif counts[id] ~= expected[id] then
      answers[i] = NOT_OURS
    else
      answers[i] = renewed[id] and DONE or GONE
    end
  end
  return answers
end)
