package io.millstream.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** Brings a failed delivery back when its backoff ends. What waits takes no handler's place. */
final class RetryTimer {
  private final WorkerContext worker;
  private final Consumer<List<Held>> due;
  private final PriorityQueue<Held> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong((Held held) -> held.dueNanos)
              .thenComparing((Held held) -> held.id));
  private @Nullable Disposable timer;
  private long timerNanos;

  RetryTimer(WorkerContext worker, Consumer<List<Held>> due) {
    this.worker = worker;
    this.due = due;
  }

  /** Lets an entry wait; it has just failed. */
  void wait(Held held, Duration delay) {
    held.fields = null; // it is read again at its redelivery
    held.dueNanos = worker.loop().nanos() + delay.toNanos();
    worker.inFlight().move(held, Phase.WAITING);
    waiting.add(held);
    arm();
  }

  /** How long an entry still has to wait. */
  Duration remaining(Held held) {
    return Duration.ofNanos(Math.max(0, held.dueNanos - worker.loop().nanos()));
  }

  /** All that waited was given back. */
  void clear() {
    waiting.clear();
    if (timer != null) {
      timer.dispose();
      timer = null;
    }
  }

  private void arm() {
    Held first = waiting.peek();
    if (first == null || (timer != null && timerNanos <= first.dueNanos)) {
      return;
    }
    if (timer != null) {
      timer.dispose();
    }
    timerNanos = first.dueNanos;
    timer = worker.loop().after(remaining(first), this::fire);
  }

  private void fire() {
    timer = null;
    long now = worker.loop().nanos();
    List<Held> ripe = new ArrayList<>();
    for (Held first = waiting.peek();
        first != null && first.dueNanos <= now;
        first = waiting.peek()) {
      ripe.add(waiting.remove());
    }
    ripe.removeIf(
        held -> !worker.inFlight().holds(held) || held.phase() != Phase.WAITING || held.lost);
    arm();
    if (!ripe.isEmpty()) {
      due.accept(ripe);
    }
  }
}
