package io.millstream.engine.memory;

import io.millstream.engine.ReadArgs.StreamOffset;
import io.millstream.engine.StreamEntries;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** XREAD: what it finds now. It may be run again; what {@code $} means is found out once. */
final class PlainRead {
  private final Keyspace keyspace;
  private final long limit;
  private final List<StreamOffset> streams;
  private final @Nullable EntryId[] marks; // what $ meant

  PlainRead(Keyspace keyspace, long count, List<StreamOffset> streams) {
    this.keyspace = keyspace;
    this.limit = count <= 0 ? Long.MAX_VALUE : count;
    this.streams = streams;
    this.marks = new EntryId[streams.size()];
  }

  /** Reads; null if there is nothing. All ids are looked at before anything is read. */
  @Nullable List<StreamEntries> run() {
    List<EntryId> after = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      after.add(after(i, keyspace.stream(streams.get(i).key())));
    }
    List<StreamEntries> reply = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      String key = streams.get(i).key();
      StreamData stream = keyspace.stream(key);
      Entry last = stream == null ? null : stream.last();
      if (stream != null && last != null && last.id().compareTo(after.get(i)) > 0) {
        reply.add(new StreamEntries(key, stream.range(after.get(i).next(), EntryId.MAX, limit)));
      }
    }
    return reply.isEmpty() ? null : reply;
  }

  private EntryId after(int i, @Nullable StreamData stream) {
    return switch (streams.get(i).id()) {
      case "$" -> {
        EntryId mark = marks[i];
        if (mark == null) {
          mark = stream == null ? EntryId.MIN : stream.lastId();
          marks[i] = mark;
        }
        yield mark;
      }
      case "+" -> {
        Entry last = stream == null ? null : stream.last();
        yield last == null ? EntryId.MIN : last.id().previous();
      }
      case ">" ->
          throw Errors.err(
              "The > ID can be specified only when calling XREADGROUP using the GROUP <group>"
                  + " <consumer> option.");
      default -> Ids.strict(streams.get(i).id());
    };
  }
}
