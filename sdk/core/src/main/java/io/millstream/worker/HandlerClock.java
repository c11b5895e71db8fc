package io.millstream.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Ends handlers that take too long. All have the same time, so the first to start is the first to
 * be late: one timer.
 */
final class HandlerClock {
  private final Loop loop;
  private final Duration limit;
  private final Deque<Run> started = new ArrayDeque<>();
  private boolean armed;

  HandlerClock(Loop loop, Duration limit) {
    this.loop = loop;
    this.limit = limit;
  }

  void started(Run run) {
    started.add(run);
    if (!armed) {
      arm(limit);
    }
  }

  /**
   * Forgets the runs at the head that have ended, so that the queue is no longer than what may run.
   */
  void ended() {
    while (!started.isEmpty() && started.peek().ended()) {
      started.remove();
    }
  }

  private void arm(Duration delay) {
    armed = true;
    loop.after(delay, this::fire);
  }

  private void fire() {
    armed = false;
    long now = loop.nanos();
    for (Run run = started.peek(); run != null; run = started.peek()) {
      long left = limit.toNanos() - (now - run.startedNanos());
      if (run.ended()) {
        started.remove();
      } else if (left <= 0) {
        started.remove();
        run.timeOut();
      } else {
        arm(Duration.ofNanos(left));
        return;
      }
    }
  }
}
