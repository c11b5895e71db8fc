-- Writes a dead letter, then acknowledges the entry.
-- KEYS: stream, dead-letter stream
-- ARGV: group, consumer, id, expected count, name of the id's field in the dead letter, 1 if the
--       original fields follow or 0 to take them from the stream, then names and values of all
--       fields that are to be written (without 1: of those that are added)
-- Returns: 1 done, 0 not ours (nothing is written), -1 gone

-- Whether one of the last 100 dead letters has the id. The added fields come last, so the last
-- field of that name is the one that counts.
local function written(id, id_field)
  for _, letter in ipairs(call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 100)) do
    local fields = letter[2]
    for i = #fields - 1, 1, -2 do
      if fields[i] == id_field then
        if fields[i + 1] == id then
          return true
        end
        break
      end
    end
  end
  return false
end

local function write(id)
  local add = { 'XADD', KEYS[2], '*' }
  if ARGV[6] == '0' then
    local original = entry(id)
    if original then
      for _, element in ipairs(original[2]) do
        add[#add + 1] = element
      end
    end
  end
  for i = 7, #ARGV do
    add[#add + 1] = ARGV[i]
  end
  call(spread(add, 1))
end

return run(function()
  local id = ARGV[3]
  local r = row(id)
  if r then
    if r[2] ~= ARGV[2] or r[4] ~= tonumber(ARGV[4]) then
      return NOT_OURS
    end
    write(id)
    call('XACK', KEYS[1], ARGV[1], id)
    return DONE
  end
  if entry(id) then
    return NOT_OURS
  end
  if not written(id, ARGV[5]) then
    write(id)
  end
  return GONE
end)
