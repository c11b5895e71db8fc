package io.millstream.engine.memory;

import io.millstream.entry.EntryId;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A consumer and its view of the pending entries list. Guarded by the server's lock. */
final class ConsumerData {
  static final long NEVER = -1;

  final String name;
  final NavigableMap<EntryId, PendingRow> pending = new TreeMap<>();
  long seenAt; // wall clock milliseconds: it tried something
  long activeAt = NEVER; // wall clock milliseconds: it got something

  ConsumerData(String name, long seenAt) {
    this.name = name;
    this.seenAt = seenAt;
  }
}
