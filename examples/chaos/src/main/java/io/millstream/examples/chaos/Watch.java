package io.millstream.examples.chaos;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

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

  private final Eyes eyes;
  private final Fleet fleet;
  private final Diary diary;
  private final Set<String> told = new HashSet<>(); // confined to the one thread
  private final Map<String, String> consumers = new java.util.HashMap<>(); // likewise
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
      Map<String, Child> byConsumer =
          fleet.workers().stream()
              .filter(child -> consumer(child).isPresent())
              .collect(
                  Collectors.toMap(child -> consumer(child).orElseThrow(), Function.identity()));
      List<Eyes.Row> rows = eyes.ask(Eyes::pending).orElse(List.of());
      for (Eyes.Row row : rows) {
        Child child = byConsumer.get(row.consumer());
        if (child != null && neglected(row, child)) {
          tell(row, child);
        }
      }
    } catch (RuntimeException e) {
      diary.broken("the driver's watch failed: " + e);
      throw e;
    }
  }

  private Optional<String> consumer(Child child) {
    String known = consumers.get(child.name());
    if (known != null) {
      return Optional.of(known);
    }
    Optional<String> read = child.consumer();
    read.ifPresent(name -> consumers.put(child.name(), name));
    return read;
  }

  private boolean neglected(Eyes.Row row, Child child) {
    long quiet = diary.now() - Math.max(diary.quietSince(child.name()), child.startedMillis());
    return row.idle() > LIMIT.toMillis() && quiet > QUIET.toMillis();
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
