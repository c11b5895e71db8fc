-- Removes a consumer that has nothing pending.
-- KEYS: stream
-- ARGV: group, consumer
-- Returns: 1 if it is gone (or never was), 0 if it has pending entries

return run(function()
  if #call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) > 0 then
    return 0
  end
  call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
  return 1
end)
