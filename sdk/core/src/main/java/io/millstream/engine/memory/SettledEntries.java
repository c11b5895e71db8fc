package io.millstream.engine.memory;

import io.millstream.engine.AtomicSteps.Deleted;
import io.millstream.entry.EntryId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes what no group needs any more. All methods want the server's lock. */
final class SettledEntries {
  private final Keyspace keyspace;

  SettledEntries(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /** Acknowledges first where a group is given. */
  Deleted delete(String key, @Nullable String group, List<EntryId> ids) {
    StreamData stream = keyspace.stream(key);
    if (stream == null) {
      return new Deleted(0, 0);
    }
    GroupData own = group == null ? null : stream.groups().get(group);
    long acknowledged = own == null ? 0 : ids.stream().filter(own::remove).count();
    if (stream.groups().isEmpty()) {
      return new Deleted(acknowledged, 0);
    }
    long deleted = ids.stream().filter(id -> !isNeeded(stream, id)).filter(stream::delete).count();
    return new Deleted(acknowledged, deleted);
  }

  private static boolean isNeeded(StreamData stream, EntryId id) {
    return stream.groups().values().stream()
        .anyMatch(group -> group.pending().containsKey(id) || id.compareTo(group.lastId) > 0);
  }
}
