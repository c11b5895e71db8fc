-- Trims from the oldest on, but nothing that a group has not read or has pending.
-- KEYS: stream
-- ARGV: most entries to keep or '', greatest age to keep in milliseconds or '', how many may go at
--       once, 1 if a stream without groups may be trimmed or 0, then the groups not to ask
-- Returns: how many went, how many are left, 1 if asking again would remove more or 0, the group
--          that holds back the rest or ''

-- The first id that must stay, and the group that needs it; nil if there is no group to ask.
local function needed()
  local ignored = {}
  for i = 5, #ARGV do
    ignored[ARGV[i]] = true
  end
  local first, holder
  for _, group in ipairs(all_groups()) do
    if not ignored[group.name] then
      local own = after(group['last-delivered-id'])
      local oldest = call('XPENDING', KEYS[1], group.name, '-', '+', 1)[1]
      if oldest and above(own, oldest[1]) then
        own = oldest[1]
      end
      if not first or above(first, own) then
        first, holder = own, group.name
      end
    end
  end
  return first, holder
end

local function now_in_millis()
  local now = call('TIME')
  return tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
end

return run(function()
  local length = call('XLEN', KEYS[1])
  local most, max_length = tonumber(ARGV[3]), tonumber(ARGV[1])
  local excess = max_length and length - max_length or length
  if length == 0 or excess <= 0 then
    return { 0, length, 0, '' }
  end
  local first, holder = needed()
  if not first and ARGV[4] == '0' then
    return { 0, length, 0, '' }
  end

  local count = math.min(most, excess)
  local page = call('XRANGE', KEYS[1], '-', '+', 'COUNT', count + 1)
  local cut = page[count + 1] and page[count + 1][1] or after(page[#page][1])
  if ARGV[2] ~= '' then
    local kept = math.max(0, now_in_millis() - tonumber(ARGV[2]))
    kept = string.format('%.0f-0', kept)
    if above(cut, kept) then
      cut = kept
    end
  end
  local held = ''
  if first and above(cut, first) then
    if call('XRANGE', KEYS[1], first, '(' .. cut, 'COUNT', 1)[1] then
      held = holder
    end
    cut = first
  end

  local removed = call('XTRIM', KEYS[1], 'MINID', '=', cut)
  local more = held == '' and removed == count and excess > count
  return { removed, length - removed, more and 1 or 0, held }
end)
