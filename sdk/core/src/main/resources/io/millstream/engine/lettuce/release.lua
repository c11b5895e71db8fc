-- Gives what the consumer holds with the expected count to the parking consumer.
-- KEYS: stream
-- ARGV: group, consumer, parking consumer, then id, expected count, new count and idle time in
--       milliseconds of each entry
-- Returns: for each entry 1 done, 0 not ours, -1 gone

local function release(id, expected, new_count, idle)
  local r = row(id)
  if not r then
    return entry(id) and NOT_OURS or GONE
  end
  if r[2] == ARGV[3] and r[4] == tonumber(new_count) then
    return DONE
  end
  if r[2] ~= ARGV[2] or r[4] ~= tonumber(expected) then
    return NOT_OURS
  end
  if claim_sees_deleted or entry(id) then
    local claimed = call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, id,
      'IDLE', idle, 'RETRYCOUNT', new_count, 'JUSTID')
    if #claimed == 1 then
      return DONE
    end
  end
  call('XACK', KEYS[1], ARGV[1], id)
  return GONE
end

return run(function()
  local answers = {}
  for i = 4, #ARGV, 4 do
    answers[#answers + 1] = release(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
  end
  return answers
end)
