-- Takes over a page of what nobody has renewed, unless the server's clock has passed a fence.
-- KEYS: stream
-- ARGV: group, consumer, least idle time in milliseconds, cursor, count, then the fence as seconds
--       and microseconds
-- Returns: next cursor, the server's seconds, its microseconds, 1 if refused or 0, then id and
--          count of each entry

return run(function()
  local consumer = ARGV[2]
  local now = call('TIME')
  local seconds, fence = tonumber(now[1]), tonumber(ARGV[6])
  if seconds > fence or (seconds == fence and tonumber(now[2]) > tonumber(ARGV[7])) then
    return { ARGV[4], now[1], now[2], 1 }
  end

  local page = call('XAUTOCLAIM', KEYS[1], ARGV[1], consumer, ARGV[3], ARGV[4],
    'COUNT', ARGV[5], 'JUSTID')
  local reply = { page[1], now[1], now[2], 0 }
  local ids = standing(page[2])
  if #ids > 0 then
    local counts = counts_of(consumer, ids, ids[1], ids[#ids])
    for _, id in ipairs(ids) do
      reply[#reply + 1] = id
      reply[#reply + 1] = counts[id]
    end
  end
  return reply
end)
