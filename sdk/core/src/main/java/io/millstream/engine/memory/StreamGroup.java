package io.millstream.engine.memory;

import io.millstream.entry.EntryId;

/**
 * A group and the stream it reads.
 *
 * @param stream the stream
 * @param group the group
 */
record StreamGroup(StreamData stream, GroupData group) {
  /** Whether there is neither a row nor an entry. */
  boolean gone(EntryId id) {
    return !group.pending().containsKey(id) && stream.find(id) == null;
  }
}
