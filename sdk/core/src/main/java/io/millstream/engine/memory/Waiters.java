package io.millstream.engine.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The commands that wait for their keys, for each key in the order of arrival. A key that is ready
 * makes each of its waiters run its command again; who gets nothing queues again behind the others
 * of that round, which keeps the order, with the deadline that it had.
 */
final class Waiters {
  private final Map<String, Set<Waiter>> byKey = new HashMap<>(); // guarded by server's lock
  private Set<String> ready = new LinkedHashSet<>(); // guarded by the server's lock

  void add(Waiter waiter) {
    for (String key : waiter.keys()) {
      byKey.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(waiter);
    }
  }

  /** False if it does not wait. */
  boolean remove(Waiter waiter) {
    boolean waited = false;
    for (String key : waiter.keys()) {
      Set<Waiter> waiters = byKey.get(key);
      if (waiters != null && waiters.remove(waiter)) {
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
        for (Waiter waiter : List.copyOf(byKey.getOrDefault(key, Set.of()))) {
          if (waiter.wakesFor(key)) {
            remove(waiter);
            if (!waiter.tryAgain()) {
              add(waiter);
            }
          }
        }
      }
    }
  }

  /** The keys that somebody waits for. */
  Set<String> keys() {
    return byKey.keySet();
  }

  /** Who waits for a key, in the order of arrival. */
  Collection<Waiter> of(String key) {
    return byKey.getOrDefault(key, Set.of());
  }

  /** How many wait. */
  int count() {
    Set<Waiter> all = new LinkedHashSet<>();
    new ArrayList<>(byKey.values()).forEach(all::addAll);
    return all.size();
  }
}
