-- What all steps share; it stands in front of each of them.
-- KEYS[1] is the stream, and ARGV[1] the group in every step that asks for rows of one.

local DONE, NOT_OURS, GONE = 1, 0, -1

-- From 7.0 on XCLAIM leaves out what no longer stands in the stream and removes its row; 6.2, which
-- has no REDIS_VERSION_NUM, does neither.
local claim_sees_deleted = redis.REDIS_VERSION_NUM ~= nil

-- A command. Its error ends the step and is the script's reply. (It takes its own way: what error()
-- throws, pcall returns as a table on 6.2 and as a string from 7.0 on.)
local failure
local function call(...)
  local reply = redis.pcall(...)
  if type(reply) == 'table' and reply.err then
    failure = reply
    error('the command failed')
  end
  return reply
end

local function run(step)
  local ok, reply = pcall(step)
  if ok then
    return reply
  end
  return failure or redis.error_reply('ERR ' .. tostring(reply))
end

-- Like unpack, which gives up beyond some 8000 elements.
local function spread(t, i)
  if #t - i < 16 then
    return unpack(t, i)
  end
  return t[i], t[i + 1], t[i + 2], t[i + 3], t[i + 4], t[i + 5], t[i + 6], t[i + 7], t[i + 8],
    t[i + 9], t[i + 10], t[i + 11], t[i + 12], t[i + 13], t[i + 14], t[i + 15], spread(t, i + 16)
end

-- The row of an id, whoever holds it: {id, consumer, idle, count}, or nil.
local function row(id)
  return call('XPENDING', KEYS[1], ARGV[1], id, id, 1)[1]
end

-- The entry: {id, fields}, or nil if it no longer stands.
local function entry(id)
  return call('XRANGE', KEYS[1], id, id)[1]
end

-- The answer for an id that is not pending under the consumer.
local function missing(id)
  if row(id) or entry(id) then
    return NOT_OURS
  end
  return GONE
end

-- The delivery counts of those ids that are pending under the consumer. One range shows most of
-- them; what it had no room for is asked singly.
local function counts_of(consumer, ids, first, last)
  local room = #ids + 16
  local rows = call('XPENDING', KEYS[1], ARGV[1], first, last, room, consumer)
  local counts = {}
  for _, r in ipairs(rows) do
    counts[r[1]] = r[4]
  end
  if #rows == room then
    for _, id in ipairs(ids) do
      if not counts[id] then
        local r = row(id)
        if r and r[2] == consumer then
          counts[id] = r[4]
        end
      end
    end
  end
  return counts
end

-- Of ids that were just claimed, those whose entries still stand; the rows of the others are
-- removed, as 7.0 has done already.
local function standing(claimed)
  if claim_sees_deleted then
    return claimed
  end
  local ids = {}
  for _, id in ipairs(claimed) do
    if entry(id) then
      ids[#ids + 1] = id
    else
      call('XACK', KEYS[1], ARGV[1], id)
    end
  end
  return ids
end

