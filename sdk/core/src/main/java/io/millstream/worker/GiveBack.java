package io.millstream.worker;

import java.time.Duration;
import java.util.List;

/**
 * Gives back all that is held and does not run: what never started unspent, what waits for its
 * retry with what is left of its backoff. Confined to the loop.
 */
final class GiveBack {
  private final WorkerContext worker;
  private final RetryTimer retries;
  private final Releases releases;

  GiveBack(WorkerContext worker, RetryTimer retries, Releases releases) {
    this.worker = worker;
    this.retries = retries;
    this.releases = releases;
  }

  /** Whether nothing is held but what runs. */
  boolean done() {
    return worker.inFlight().size() == worker.inFlight().count(Phase.RUNNING);
  }

  /** Gives back what can be given back now; what is under way comes later. */
  void all() {
    InFlight held = worker.inFlight();
    if (held.count(Phase.READY) + held.count(Phase.CLAIMED) + held.count(Phase.WAITING) > 0) {
      List.copyOf(held.all()).forEach(this::giveBack);
      retries.clear();
    }
  }

  private void giveBack(Held held) {
    switch (held.phase()) {
      // counted, never started: the delivery is given back
      case READY -> releases.add(held, held.count - 1, Releases.AT_ONCE);
      case CLAIMED -> releases.add(held, held.countBeforeNext(), Releases.AT_ONCE);
      case WAITING -> releases.add(held, held.count, idleWhile(retries.remaining(held)));
      case REDELIVERING, RUNNING, SETTLING, RELEASING -> {}
    }
  }

  /** The idle time that lets a waiting entry be claimed just when its backoff ends. */
  private Duration idleWhile(Duration backoff) {
    Duration idle = worker.settings().times().visibilityTimeout().minus(backoff);
    return idle.isNegative() ? Duration.ZERO : idle;
  }
}
