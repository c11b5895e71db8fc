package io.millstream.engine.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The reads that wait for their keys, for each key in the order of arrival. A key that is ready
 * makes each of its waiters run its command again; who gets nothing queues again behind the others
 * of that round, which keeps the order, with the deadline that it had.
 */
final class Waiters {
  private final Map<String, Set<BlockedRead>> byKey = new HashMap<>(); // guarded by server's lock
  private Set<String> ready = new LinkedHashSet<>(); // guarded by the server's lock

  void add(BlockedRead read) {
    for (String key : read.keys()) {
      byKey.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(read);
    }
  }

  /** False if it does not wait. */
  boolean remove(BlockedRead read) {
    boolean waited = false;
    for (String key : read.keys()) {
      Set<BlockedRead> waiters = byKey.get(key);
      if (waiters != null && waiters.remove(read)) {
        waited = true;
        if (waiters.isEmpty()) {
          byKey.remove(key);
        }
      }
    }
    return waited;
  }

  void ready(String key) {
    if (byKey.containsKey(key)) {
      ready.add(key);
    }
  }

  /** Serves who waits for the keys that became ready; called after every command. */
  void serve() {
    while (!ready.isEmpty()) {
      Set<String> keys = ready;
      ready = new LinkedHashSet<>();
      for (String key : keys) {
        for (BlockedRead read : List.copyOf(byKey.getOrDefault(key, Set.of()))) {
          remove(read);
          if (!read.tryAgain()) {
            add(read);
          }
        }
      }
    }
  }

  /** How many reads wait. */
  int count() {
    Set<BlockedRead> all = new LinkedHashSet<>();
    new ArrayList<>(byKey.values()).forEach(all::addAll);
    return all.size();
  }
}
