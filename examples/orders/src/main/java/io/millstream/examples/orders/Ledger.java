package io.millstream.examples.orders;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the workers did, written down outside of the stream. All state is guarded by this. */
final class Ledger {
  private final Progress progress;
  private final Map<Integer, String> startedLastBy = new HashMap<>();
  private final Map<Integer, String> handledBy = new HashMap<>();
  private final Map<String, Integer> handled = new TreeMap<>();
  private final Map<String, Set<Integer>> stuck = new HashMap<>();
  private int handledTwice;
  private int redelivered;
  private int takenOver;

  Ledger(Progress progress) {
    this.progress = progress;
  }

  synchronized void started(String worker, Order order) {
    String last = startedLastBy.put(order.number(), worker);
    if (last != null) {
      redelivered++;
    }
    if (last != null && !last.equals(worker)) {
      takenOver++;
      progress.say("%s takes over order %d from %s", worker, order.number(), last);
    }
  }

  synchronized void failed(String worker, Order order, long delivery, String why) {
    progress.say("order %d fails at %s, delivery %d: %s", order.number(), worker, delivery, why);
  }

  synchronized void handled(String worker, Order order, long delivery) {
    if (handledBy.put(order.number(), worker) != null) {
      handledTwice++;
      return;
    }
    handled.merge(worker, 1, Integer::sum);
    if (delivery > 1) {
      progress.say("order %d handled by %s, delivery %d", order.number(), worker, delivery);
    }
    if (handledBy.size() % 50 == 0) {
      progress.say("%d orders handled: %s", handledBy.size(), handled);
    }
  }

  /** The worker has an order in hand and will not finish it. */
  synchronized void stuck(String worker, Order order) {
    stuck.computeIfAbsent(worker, name -> new HashSet<>()).add(order.number());
  }

  synchronized int stuck(String worker) {
    return stuck.getOrDefault(worker, Set.of()).size();
  }

  synchronized int handled() {
    return handledBy.size();
  }

  synchronized Account account(long published, long deadLettered, String whatDied, long pending) {
    return new Account(
        published,
        handledBy.size(),
        new TreeMap<>(handled),
        handledTwice,
        redelivered,
        takenOver,
        deadLettered,
        whatDied,
        pending);
  }
}
