-- Acknowledges entries if asked to, and deletes those that no group needs any more: each group has
-- read them, and none has them pending.
-- KEYS: stream
-- ARGV: group, 1 to acknowledge first or 0, smallest id, largest id, then the ids
-- Returns: how many were acknowledged, how many were deleted

-- Which of the ids are pending in a group. One range shows most of them; what it had no room for is
-- asked singly.
local function pending_in(group, ids)
  local pending, room = {}, #ids + 16
  local rows = call('XPENDING', KEYS[1], group, ARGV[3], ARGV[4], room)
  for _, r in ipairs(rows) do
    pending[r[1]] = true
  end
  if #rows == room then
    for _, id in ipairs(ids) do
      pending[id] = #call('XPENDING', KEYS[1], group, id, id, 1) > 0
    end
  end
  return pending
end

local function not_needed_by(group, ids)
  local pending = group.pending > 0 and pending_in(group.name, ids) or {}
  local rest = {}
  for _, id in ipairs(ids) do
    if not pending[id] and not above(id, group['last-delivered-id']) then
      rest[#rest + 1] = id
    end
  end
  return rest
end

return run(function()
  local ids = {}
  for i = 5, #ARGV do
    ids[#ids + 1] = ARGV[i]
  end
  local acknowledged = 0
  if ARGV[2] == '1' then
    acknowledged = call('XACK', KEYS[1], ARGV[1], unpack(ids))
  end
  if #call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1) == 0 then
    return { acknowledged, 0 } -- perhaps there is no stream at all
  end
  local groups = all_groups()
  for _, group in ipairs(groups) do
    ids = not_needed_by(group, ids)
  end
  if #groups == 0 or #ids == 0 then
    return { acknowledged, 0 }
  end
  return { acknowledged, call('XDEL', KEYS[1], unpack(ids)) }
end)
