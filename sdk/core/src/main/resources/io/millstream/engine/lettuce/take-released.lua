-- Takes what was released and is idle for long enough, oldest ids first.
-- KEYS: stream
-- ARGV: group, consumer, parking consumer, least idle time in milliseconds, most entries
-- Returns: id and count of each entry

return run(function()
  local rows = call('XPENDING', KEYS[1], ARGV[1], 'IDLE', ARGV[4], '-', '+', ARGV[5], ARGV[3])
  if #rows == 0 then
    return {}
  end
  local claim, counts = { 'XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0 }, {}
  for _, r in ipairs(rows) do
    claim[#claim + 1] = r[1]
    counts[r[1]] = r[4]
  end
  claim[#claim + 1] = 'JUSTID'

  local reply = {}
  for _, id in ipairs(standing(call(unpack(claim)))) do
    reply[#reply + 1] = id
    reply[#reply + 1] = counts[id]
  end
  return reply
end)
