package io.millstream.engine.memory;

import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.PendingSummary;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** XPENDING. All methods want the server's lock. */
final class PendingQueries {
  private final Keyspace keyspace;

  PendingQueries(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  PendingSummary summary(String key, String group) {
    GroupData data = keyspace.required(key, group).group();
    NavigableMap<EntryId, PendingRow> pending = data.pending();
    if (pending.isEmpty()) {
      return new PendingSummary(0, null, null, Map.of());
    }
    Map<String, Long> byConsumer = new LinkedHashMap<>();
    for (ConsumerData consumer : data.consumers().values()) {
      if (!consumer.pending.isEmpty()) {
        byConsumer.put(consumer.name, (long) consumer.pending.size());
      }
    }
    return new PendingSummary(
        pending.size(),
        pending.firstKey(),
        pending.lastKey(),
        Collections.unmodifiableMap(byConsumer));
  }

  List<PendingEntry> rows(String key, String group, PendingArgs args, long now) {
    long minIdle =
        args.minIdle() == null
            ? 0
            : Millis.of(args.minIdle(), "value is not an integer or out of range");
    EntryId start = Ids.rangeStart(args.start());
    EntryId end = Ids.rangeEnd(args.end());
    GroupData data = keyspace.required(key, group).group();
    NavigableMap<EntryId, PendingRow> pending = data.pending();
    if (args.consumer() != null) {
      ConsumerData consumer = data.consumer(args.consumer());
      if (consumer == null) {
        return List.of();
      }
      pending = consumer.pending;
    }
    List<PendingEntry> rows = new ArrayList<>();
    for (PendingRow row : pending.tailMap(start, true).values()) {
      if (rows.size() >= args.count() || row.id.compareTo(end) > 0) {
        break;
      }
      if (minIdle <= 0 || now - row.deliveredAt >= minIdle) {
        rows.add(
            new PendingEntry(
                row.id, row.consumer.name, Duration.ofMillis(row.idle(now)), row.count));
      }
    }
    return rows;
  }
}
