-- Ids as numbers: two of 64 bits each, which Lua's numbers cannot hold, so their digits are compared.

local function longer_or_later(a, b)
  if #a ~= #b then
    return #a > #b
  end
  return a > b
end

-- Whether the first id is above the second.
local function above(a, b)
  local a_ms, a_seq = string.match(a, '^(%d+)%-(%d+)$')
  local b_ms, b_seq = string.match(b, '^(%d+)%-(%d+)$')
  if a_ms ~= b_ms then
    return longer_or_later(a_ms, b_ms)
  end
  return longer_or_later(a_seq, b_seq)
end

local function plus_one(digits)
  local head, nines = string.match(digits, '^(.-)(9*)$')
  local zeros = string.rep('0', #nines)
  if head == '' then
    return '1' .. zeros
  end
  return string.sub(head, 1, -2) .. string.char(string.byte(head, -1) + 1) .. zeros
end

-- The smallest id above this one.
local function after(id)
  local ms, seq = string.match(id, '^(%d+)%-(%d+)$')
  if seq == '18446744073709551615' then
    return plus_one(ms) .. '-0'
  end
  return ms .. '-' .. plus_one(seq)
end

-- The groups of the stream, each with what XINFO tells of it by name.
local function all_groups()
  local groups = {}
  for i, flat in ipairs(call('XINFO', 'GROUPS', KEYS[1])) do
    groups[i] = {}
    for k = 1, #flat, 2 do
      groups[i][flat[k]] = flat[k + 1]
    end
  end
  return groups
end

