-- Removes a consumer that has tried nothing for a while and has nothing pending.
-- KEYS: stream
-- ARGV: group, consumer, least idle time in milliseconds
-- Returns: 1 if it is gone (or never was), 0 if it is there

return run(function()
  call('XPENDING', KEYS[1], ARGV[1]) -- NOGROUP where there is none
  for _, flat in ipairs(call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
    local consumer = {}
    for i = 1, #flat, 2 do
      consumer[flat[i]] = flat[i + 1]
    end
    if consumer.name == ARGV[2] then
      if consumer.pending > 0 or consumer.idle < tonumber(ARGV[3]) then
        return 0
      end
      call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
    end
  end
  return 1
end)
