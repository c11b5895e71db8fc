-- Brings dead letters back to the group that gave them up.
-- KEYS: stream, dead-letter stream
-- ARGV: group, parking consumer, idle time in milliseconds that a claim may take at once, 1 to tell
--       only what would happen or 0, then the names of the fields: stream, id and group of the
--       story, first id and group of the mark; then the ids of the dead letters
-- Returns: for each IN_PLACE, ADDED, PENDING, UNREAD, ABSENT, HELD, FOREIGN or EMPTY

local STREAM, ID, GROUP, MARK_ID, MARK_GROUP = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]

-- The index of the last field of that name, at or after the given one.
local function last_field(fields, name, from)
  for i = #fields - 1, from, -2 do
    if fields[i] == name then
      return i
    end
  end
end

-- The id that the entry had and the index where the story begins, or nil if this is no dead letter
-- of the group.
local function story_of(fields)
  local start = last_field(fields, STREAM, 1)
  if not start or fields[start + 1] ~= KEYS[1] then
    return nil
  end
  local id, group = last_field(fields, ID, start), last_field(fields, GROUP, start)
  if not id or not group or fields[group + 1] ~= ARGV[1]
    or not string.match(fields[id + 1], '^%d+%-%d+$') then
    return nil
  end
  return fields[id + 1], start
end

local function what_to_do(id, start, last_delivered)
  local pending = row(id)
  if not entry(id) then
    if pending then
      return 'HELD'
    end
    return start > 1 and 'ADDED' or 'EMPTY'
  end
  if pending then
    return 'PENDING'
  end
  return above(id, last_delivered) and 'UNREAD' or 'IN_PLACE'
end

local function put_in_place(id)
  local claimed = call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, id,
    'IDLE', ARGV[3], 'RETRYCOUNT', 0, 'FORCE', 'JUSTID')
  if #claimed ~= 1 then
    error('the entry could not be claimed')
  end
end

-- One that was added again before has its mark already.
local function add_again(id, fields, start)
  local add = { 'XADD', KEYS[1], '*' }
  for i = 1, start - 1 do
    add[#add + 1] = fields[i]
  end
  if fields[start - 2] ~= MARK_GROUP then
    add[#add + 1] = MARK_ID
    add[#add + 1] = id
    add[#add + 1] = MARK_GROUP
    add[#add + 1] = ARGV[1]
  end
  call(spread(add, 1))
end

local function redrive(letter_id, last_delivered)
  local letter = call('XRANGE', KEYS[2], letter_id, letter_id)[1]
  if not letter then
    return 'ABSENT'
  end
  local fields = letter[2]
  local id, start = story_of(fields)
  if not id then
    return 'FOREIGN'
  end
  local deed = what_to_do(id, start, last_delivered)
  if ARGV[4] == '1' or deed == 'HELD' or deed == 'EMPTY' then
    return deed
  end
  if deed == 'IN_PLACE' then
    put_in_place(id)
  elseif deed == 'ADDED' then
    add_again(id, fields, start)
  end
  call('XDEL', KEYS[2], letter_id)
  return deed
end

return run(function()
  call('XPENDING', KEYS[1], ARGV[1]) -- NOGROUP where there is none
  local last_delivered
  for _, group in ipairs(all_groups()) do
    if group.name == ARGV[1] then
      last_delivered = group['last-delivered-id']
    end
  end
  if ARGV[4] == '0' then
    -- Deletes nothing, for no entry has this id. But if the letters must not be deleted, this is the
    -- time to learn it: one that is added again and stays would be added once more.
    call('XDEL', KEYS[2], '0-0')
  end
  local reply = {}
  for i = 10, #ARGV do
    reply[#reply + 1] = redrive(ARGV[i], last_delivered)
  end
  return reply
end)
