package io.millstream.engine.memory;

import io.millstream.entry.EntryId;

/** A row of a pending entries list. Guarded by the server's lock. */
final class PendingRow {
  final EntryId id;
  ConsumerData consumer;
  long deliveredAt; // wall clock milliseconds
  long count;

  PendingRow(EntryId id, ConsumerData consumer, long deliveredAt, long count) {
    this.id = id;
    this.consumer = consumer;
    this.deliveredAt = deliveredAt;
    this.count = count;
  }

  /** Whether it is pending under this consumer with this delivery count. */
  boolean isHeld(String byConsumer, long withCount) {
    return consumer.name.equals(byConsumer) && count == withCount;
  }

  long idle(long now) {
    return Math.max(0, now - deliveredAt);
  }
}
