package io.millstream.examples.chaos;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the pending entries list all the while: nothing may be pending under a live worker that
 * does not hold it. What a worker holds it renews, so such a row would be seen by its idle time.
 */
final class Watch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(250);

  /** How idle a row may be under a worker that nothing is wrong with. */
  static final Duration LIMIT = Rules.VISIBILITY.plus(Rules.ROUND);

  /** How long nothing has been wrong before that is expected. */
  static final Duration QUIET = LIMIT.plus(Rules.RECONNECT);

  /** A worker that runs, its name in the group, and since when it runs. */
  private record Worker(Child child, String consumer, long sinceMillis) {}

  private final Eyes eyes;
  private final Fleet fleet;
  private final Diary diary;
  private final Set<String> told = new HashSet<>(); // confined to the one thread
  private final Map<String, Worker> byProcess = new HashMap<>(); // likewise
  private final Map<String, Worker> byConsumer = new HashMap<>(); // likewise
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

  Watch(Eyes eyes, Fleet fleet, Diary diary) {
    this.eyes = eyes;
    this.fleet = fleet;
    this.diary = diary;
  }

  void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      for (Child child : fleet.workers()) {
        known(child).ifPresent(worker -> byConsumer.put(worker.consumer, worker));
      }
      eyes.ask(Eyes::pending).orElse(List.of()).forEach(this::look);
    } catch (RuntimeException e) {
      diary.broken("the driver's watch failed: " + e);
      throw e;
    }
  }

  /** The ledger of a process is read until it says that it runs. */
  private Optional<Worker> known(Child child) {
    Worker known = byProcess.get(child.name());
    if (known == null && child.consumer().isPresent() && child.worksSince().isPresent()) {
      known = new Worker(child, child.consumer().orElseThrow(), child.worksSince().orElseThrow());
      byProcess.put(child.name(), known);
    }
    return Optional.ofNullable(known);
  }

  private void look(Eyes.Row row) {
    Worker worker = byConsumer.get(row.consumer());
    if (worker == null || !worker.child.alive() || row.idle() <= LIMIT.toMillis()) {
      return;
    }
    long since = Math.max(diary.quietSince(worker.child.name()), worker.sinceMillis);
    if (diary.now() - since > QUIET.toMillis()) {
      tell(row, worker.child);
    }
  }

  private void tell(Eyes.Row row, Child child) {
    if (told.add(row.id() + " " + child.name())) {
      diary.broken(
          row.id()
              + " is pending under "
              + child.name()
              + ", which lives undisturbed, idle for "
              + Texts.seconds(row.idle())
              + " (delivery count "
              + row.deliveries()
              + ")");
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
