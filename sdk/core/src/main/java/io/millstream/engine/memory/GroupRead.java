package io.millstream.engine.memory;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.ReadArgs.StreamOffset;
import io.millstream.engine.StreamEntries;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** XREADGROUP, once: what it finds now. */
final class GroupRead {
  /** What {@code >} is to Redis itself. */
  private static final EntryId NEW = EntryId.MAX;

  private record Source(String key, StreamGroup place, EntryId after) {}

  private final ReadArgs args;
  private final long limit;
  private final long now;

  private GroupRead(ReadArgs args, long now) {
    this.args = args;
    this.limit = args.count() == null || args.count() <= 0 ? Long.MAX_VALUE : args.count();
    this.now = now;
  }

  /** As the gate sees it. */
  static Called called(ReadArgs args) {
    List<String> keys = args.streams().stream().map(StreamOffset::key).toList();
    return new Called("XREADGROUP", keys, args.group());
  }

  /** BLOCK in milliseconds; 0 if it does not block, or without end. */
  static long blockMillis(ReadArgs args) {
    return args.block() == null
        ? 0
        : Millis.of(args.block(), "timeout is not an integer or out of range");
  }

  /** Reads; null if there is nothing. All streams are looked at before anything is delivered. */
  static @Nullable List<StreamEntries> run(Keyspace keyspace, ReadArgs args, long now) {
    if (blockMillis(args) < 0) {
      throw Errors.err("timeout is negative");
    }
    if (args.streams().isEmpty()) {
      throw Errors.arguments("xreadgroup");
    }
    List<Source> sources = new ArrayList<>();
    for (StreamOffset offset : args.streams()) {
      StreamGroup place = keyspace.group(offset.key(), args.group());
      if (place == null) {
        throw Errors.noGroupToRead(offset.key(), args.group());
      }
      sources.add(new Source(offset.key(), place, parse(offset.id())));
    }
    GroupRead read = new GroupRead(args, now);
    List<StreamEntries> reply = new ArrayList<>();
    for (Source source : sources) {
      List<Entry> entries = read.one(source.place(), source.after());
      if (entries != null) {
        reply.add(new StreamEntries(source.key(), entries));
      }
    }
    return reply.isEmpty() ? null : reply;
  }

  private static EntryId parse(String id) {
    return switch (id) {
      case ">" -> NEW;
      case "$", "+" -> throw Errors.meaninglessId(id);
      default -> Ids.strict(id);
    };
  }

  private @Nullable List<Entry> one(StreamGroup place, EntryId after) {
    StreamData stream = place.stream();
    GroupData group = place.group();
    ConsumerData consumer = group.seen(args.consumer(), now);
    if (!after.equals(NEW)) {
      return history(stream, consumer, after);
    }
    Entry last = stream.last();
    if (last == null || last.id().compareTo(group.lastId) <= 0) {
      return null;
    }
    List<Entry> entries = stream.range(group.lastId.next(), EntryId.MAX, limit);
    for (Entry entry : entries) {
      group.entriesRead = Lag.readWith(stream, group, entry.id());
      group.lastId = entry.id();
      if (!args.noAck()) {
        group.deliver(entry.id(), consumer, now);
      }
    }
    return entries;
  }

  /** The consumer's own pending entries. It counts as a delivery of those that still stand. */
  private List<Entry> history(StreamData stream, ConsumerData consumer, EntryId after) {
    List<Entry> entries = new ArrayList<>();
    for (PendingRow row : consumer.pending.tailMap(after, false).values()) {
      if (entries.size() >= limit) {
        break;
      }
      Entry entry = stream.find(row.id);
      if (entry == null) {
        entries.add(new Entry(row.id, Fields.EMPTY));
      } else {
        entries.add(entry);
        row.count++;
        row.deliveredAt = now;
      }
    }
    return entries;
  }
}
