package io.millstream.engine.memory;

import static io.millstream.engine.memory.GroupData.UNKNOWN;

import io.millstream.entry.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * How far a group is behind, and how many entries it has read. Redis counts both without looking at
 * the entries; where something was deleted ahead of the group it guesses, or gives up.
 */
final class Lag {
  private Lag() {}

  /** The entries that are still to be delivered, or null if that cannot be told. */
  static @Nullable Long of(StreamData stream, GroupData group) {
    if (stream.added() == 0 || stream.length() == 0) {
      return 0L;
    }
    if (group.lastId.compareTo(stream.firstId()) < 0
        && stream.maxDeletedId().compareTo(stream.firstId()) < 0) {
      return stream.length();
    }
    if (group.entriesRead != UNKNOWN && !hasTombstoneFrom(stream, group.lastId)) {
      return stream.added() - group.entriesRead;
    }
    long read = estimateRead(stream, group.lastId);
    return read == UNKNOWN ? null : stream.added() - read;
  }

  /** The group's entries-read once this entry, the next one, is delivered too. */
  static long readWith(StreamData stream, GroupData group, EntryId delivered) {
    boolean exact =
        group.entriesRead != UNKNOWN
            && group.lastId.compareTo(stream.firstId()) >= 0
            && !hasTombstoneFrom(stream, group.lastId);
    return exact ? group.entriesRead + 1 : estimateRead(stream, delivered);
  }

  private static boolean hasTombstoneFrom(StreamData stream, EntryId start) {
    EntryId deleted = stream.maxDeletedId();
    return stream.length() > 0
        && !deleted.equals(EntryId.MIN)
        && stream.firstId().compareTo(deleted) <= 0
        && start.compareTo(deleted) <= 0;
  }

  /** How many entries were ever added up to and with this id, or {@link GroupData#UNKNOWN}. */
  private static long estimateRead(StreamData stream, EntryId id) {
    int toLast = id.compareTo(stream.lastId());
    if (stream.added() == 0) {
      return 0;
    }
    if (toLast == 0 || (stream.length() == 0 && toLast < 0)) {
      return stream.added();
    }
    boolean beforeTombstone = !id.equals(EntryId.MIN) && id.compareTo(stream.maxDeletedId()) < 0;
    if (toLast > 0 || beforeTombstone || deletedAhead(stream)) {
      return UNKNOWN;
    }
    int toFirst = id.compareTo(stream.firstId());
    if (toFirst > 0) {
      return UNKNOWN;
    }
    long gone = stream.added() - stream.length();
    return toFirst < 0 ? gone : gone + 1;
  }

  private static boolean deletedAhead(StreamData stream) {
    return !stream.maxDeletedId().equals(EntryId.MIN)
        && stream.maxDeletedId().compareTo(stream.firstId()) >= 0;
  }
}
