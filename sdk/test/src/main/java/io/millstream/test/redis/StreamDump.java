package io.millstream.test.redis;

import io.millstream.engine.memory.StreamSnapshot;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.List;

/** Writes what DUMP answers for a stream, as Redis 7.2 and later read it. */
final class StreamDump {
  static final int TYPE = 21; // RDB_TYPE_STREAM_LISTPACKS_3
  static final int VERSION = 11;
  private static final int NODE = 100;

  private StreamDump() {}

  static byte[] of(StreamSnapshot stream) {
    RdbWriter out = new RdbWriter().raw(TYPE);
    List<Entry> entries = stream.entries();
    out.length((entries.size() + NODE - 1) / NODE);
    for (int i = 0; i < entries.size(); i += NODE) {
      List<Entry> node = entries.subList(i, Math.min(i + NODE, entries.size()));
      out.string(new RdbWriter().rawId(node.get(0).id()).bytes()).string(listpack(node));
    }
    out.length(stream.length())
        .id(stream.lastId())
        .id(stream.firstId())
        .id(stream.maxDeletedId())
        .length(stream.added())
        .length(stream.groups().size());
    stream.groups().forEach(group -> write(group, out));
    out.raw(VERSION).raw(0);
    byte[] body = out.bytes();
    out.littleEndian(Crc64.of(body, body.length));
    return out.bytes();
  }

  /** A node whose entries have nothing in common. */
  private static byte[] listpack(List<Entry> node) {
    EntryId master = node.get(0).id();
    ListpackWriter out = new ListpackWriter();
    out.number(node.size()).number(0).number(0).number(0);
    for (Entry entry : node) {
      Fields fields = entry.fields();
      out.number(0)
          .number(entry.id().ms() - master.ms())
          .number(entry.id().seq() - master.seq())
          .number(fields.size());
      for (int i = 0; i < fields.size(); i++) {
        out.string(fields.nameBytes(i)).string(fields.value(i));
      }
      out.number(2L * fields.size() + 4);
    }
    return out.bytes();
  }

  private static void write(StreamSnapshot.Group group, RdbWriter out) {
    Long read = group.entriesRead();
    out.string(Text.bytes(group.name())).id(group.lastId()).length(read == null ? -1 : read);
    out.length(group.pending().size());
    group
        .pending()
        .forEach(row -> out.rawId(row.id()).millis(row.deliveredAt()).length(row.count()));
    out.length(group.consumers().size());
    for (StreamSnapshot.Consumer consumer : group.consumers()) {
      List<EntryId> held =
          group.pending().stream()
              .filter(row -> row.consumer().equals(consumer.name()))
              .map(StreamSnapshot.Pending::id)
              .toList();
      out.string(Text.bytes(consumer.name()))
          .millis(consumer.seenAt())
          .millis(consumer.activeAt())
          .length(held.size());
      held.forEach(out::rawId);
    }
  }
}
