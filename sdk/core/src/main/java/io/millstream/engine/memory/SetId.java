package io.millstream.engine.memory;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import org.jspecify.annotations.Nullable;

/** XSETID. */
final class SetId {
  private SetId() {}

  static void run(
      Keyspace keyspace,
      String key,
      EntryId id,
      @Nullable Long entriesAdded,
      @Nullable EntryId maxDeletedId) {
    StreamData stream = keyspace.stream(key);
    if (stream == null) {
      throw Errors.noSuchKey();
    }
    if (id.compareTo(stream.maxDeletedId()) < 0) {
      throw smallerThan("current max_deleted_entry_id");
    }
    Entry last = stream.last();
    if (last != null && id.compareTo(last.id()) < 0) {
      throw smallerThan("the target stream top item");
    }
    if (last != null && entriesAdded != null && stream.length() > entriesAdded) {
      throw Errors.err(
          "The entries_added specified in XSETID is smaller than the target stream length");
    }
    stream.remember(
        id,
        entriesAdded == null ? stream.added() : entriesAdded,
        maxDeletedId == null || maxDeletedId.equals(EntryId.MIN)
            ? stream.maxDeletedId()
            : maxDeletedId);
  }

  private static RuntimeException smallerThan(String what) {
    return Errors.err("The ID specified in XSETID is smaller than " + what);
  }
}
