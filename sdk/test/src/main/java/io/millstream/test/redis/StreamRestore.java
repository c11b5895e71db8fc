package io.millstream.test.redis;

import io.millstream.engine.memory.StreamSnapshot;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the streams that RESTORE is given, those of Redis 5.0 and 7.0 too. */
final class StreamRestore {
  private static final int FIRST = 15; // RDB_TYPE_STREAM_LISTPACKS
  private static final int SECOND = 19; // 7.0: what is known of entries that are gone
  private static final int DELETED = 1;
  private static final int SAME_FIELDS = 2;

  private record Row(EntryId id, long deliveredAt, long count) {}

  private final RdbReader in;
  private final int type;

  private StreamRestore(int type, RdbReader in) {
    this.type = type;
    this.in = in;
  }

  /**
   * Reads the value after its type.
   *
   * @throws RuntimeException if it is not well formed
   */
  static StreamSnapshot read(int type, RdbReader in) {
    if (type != FIRST && type != SECOND && type != StreamDump.TYPE) {
      throw new IllegalArgumentException("not a stream, but type " + type);
    }
    return new StreamRestore(type, in).stream();
  }

  private StreamSnapshot stream() {
    List<Entry> entries = new ArrayList<>();
    int nodes = in.count();
    for (int i = 0; i < nodes; i++) {
      byte[] master = in.string();
      EntryId first = new RdbReader(master, 0, master.length).rawId();
      readNode(first, new ListpackReader(in.string()), entries);
    }
    long length = in.length();
    EntryId lastId = in.id();
    EntryId firstId = entries.isEmpty() ? EntryId.MIN : entries.get(0).id();
    EntryId maxDeletedId = EntryId.MIN;
    long added = length;
    if (type >= SECOND) {
      firstId = in.id();
      maxDeletedId = in.id();
      added = in.length();
    }
    StreamSnapshot bare =
        new StreamSnapshot(length, nodes, lastId, maxDeletedId, added, firstId, entries, List.of());
    List<StreamSnapshot.Group> groups = new ArrayList<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      groups.add(group(bare));
    }
    return new StreamSnapshot(length, nodes, lastId, maxDeletedId, added, firstId, entries, groups);
  }

  private static void readNode(EntryId first, ListpackReader node, List<Entry> entries) {
    node.number(); // entries that stand
    node.number(); // entries that do not
    int masterFields = Math.toIntExact(node.number());
    byte[][] names = new byte[masterFields][];
    for (int i = 0; i < masterFields; i++) {
      names[i] = node.element();
    }
    node.number(); // the end of the master entry
    while (!node.atEnd()) {
      long flags = node.number();
      EntryId id = new EntryId(first.ms() + node.number(), first.seq() + node.number());
      boolean same = (flags & SAME_FIELDS) != 0;
      int size = same ? masterFields : Math.toIntExact(node.number());
      byte[][] flat = new byte[2 * size][];
      for (int i = 0; i < size; i++) {
        flat[2 * i] = same ? names[i] : node.element();
        flat[2 * i + 1] = node.element();
      }
      node.number(); // how many elements it has
      if ((flags & DELETED) == 0) {
        entries.add(new Entry(id, Fields.ofFlat(flat)));
      }
    }
  }

  private StreamSnapshot.Group group(StreamSnapshot stream) {
    String name = Text.of(in.string());
    EntryId lastId = in.id();
    Long read = type >= SECOND ? Long.valueOf(in.length()) : guessRead(stream, lastId);
    Map<EntryId, Row> rows = new TreeMap<>();
    int pending = in.count();
    for (int i = 0; i < pending; i++) {
      EntryId id = in.rawId();
      rows.put(id, new Row(id, in.millis(), in.length()));
    }
    Map<EntryId, StreamSnapshot.Pending> held = new TreeMap<>();
    List<StreamSnapshot.Consumer> consumers = new ArrayList<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      consumers.add(consumer(rows, held));
    }
    if (held.size() != rows.size()) {
      throw new IllegalArgumentException("pending entries that nobody holds");
    }
    return new StreamSnapshot.Group(
        name,
        lastId,
        read == null || read == -1 ? null : read,
        null,
        List.copyOf(held.values()),
        consumers);
  }

  private StreamSnapshot.Consumer consumer(
      Map<EntryId, Row> rows, Map<EntryId, StreamSnapshot.Pending> held) {
    String name = Text.of(in.string());
    long seenAt = in.millis();
    long activeAt = type == StreamDump.TYPE ? in.millis() : seenAt;
    int count = in.count();
    for (int i = 0; i < count; i++) {
      Row row = rows.get(in.rawId());
      if (row == null) {
        throw new IllegalArgumentException("a consumer holds what is not pending");
      }
      held.put(
          row.id(), new StreamSnapshot.Pending(row.id(), name, row.deliveredAt(), row.count()));
    }
    return new StreamSnapshot.Consumer(name, seenAt, activeAt);
  }

  /** Before 7.0 nobody counted what a group has read; null if it cannot be told. */
  private static @Nullable Long guessRead(StreamSnapshot stream, EntryId lastId) {
    if (stream.added() == 0 || lastId.compareTo(stream.firstId()) < 0) {
      return 0L;
    }
    if (lastId.equals(stream.lastId())) {
      return stream.added();
    }
    return lastId.equals(stream.firstId()) ? 1L : null;
  }
}
