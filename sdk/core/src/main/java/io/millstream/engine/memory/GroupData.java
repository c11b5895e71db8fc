package io.millstream.engine.memory;

import io.millstream.entry.EntryId;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A consumer group and its pending entries list. Guarded by the server's lock. */
final class GroupData {
  /** {@link #entriesRead} when it is not known. */
  static final long UNKNOWN = -1;

  private final NavigableMap<String, ConsumerData> consumers = new TreeMap<>();
  private final NavigableMap<EntryId, PendingRow> pending = new TreeMap<>();
  EntryId lastId;
  long entriesRead;

  GroupData(EntryId lastId, long entriesRead) {
    this.lastId = lastId;
    this.entriesRead = entriesRead;
  }

  NavigableMap<String, ConsumerData> consumers() {
    return consumers;
  }

  NavigableMap<EntryId, PendingRow> pending() {
    return pending;
  }

  @Nullable ConsumerData consumer(String name) {
    return consumers.get(name);
  }

  /** The consumer, which tries something now; a new one is created. */
  ConsumerData seen(String name, long now) {
    ConsumerData consumer = consumers.computeIfAbsent(name, n -> new ConsumerData(n, now));
    consumer.seenAt = now;
    return consumer;
  }

  /** False if it is there already. */
  boolean createConsumer(String name, long now) {
    return consumers.putIfAbsent(name, new ConsumerData(name, now)) == null;
  }

  /** Removes a consumer and its rows; returns how many rows went. */
  long deleteConsumer(String name) {
    ConsumerData consumer = consumers.remove(name);
    if (consumer == null) {
      return 0;
    }
    consumer.pending.keySet().forEach(pending::remove);
    return consumer.pending.size();
  }

  /** A new entry goes to a consumer. One that is pending already starts again at 1. */
  void deliver(EntryId id, ConsumerData to, long now) {
    PendingRow row = pending.get(id);
    if (row == null) {
      add(new PendingRow(id, to, now, 1));
    } else {
      give(row, to);
      row.deliveredAt = now;
      row.count = 1;
    }
    to.activeAt = now;
  }

  void add(PendingRow row) {
    pending.put(row.id, row);
    row.consumer.pending.put(row.id, row);
  }

  void give(PendingRow row, ConsumerData to) {
    if (row.consumer != to) {
      row.consumer.pending.remove(row.id);
      row.consumer = to;
      to.pending.put(row.id, row);
    }
  }

  /** False if it was not pending. */
  boolean remove(EntryId id) {
    PendingRow row = pending.remove(id);
    if (row == null) {
      return false;
    }
    row.consumer.pending.remove(id);
    return true;
  }
}
