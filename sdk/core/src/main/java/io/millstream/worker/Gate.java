package io.millstream.worker;

import io.millstream.guard.Guard;
import io.millstream.message.Outcome;
import io.millstream.worker.Settlement.Ending;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Leave to start handlers, as the guard gives it: taken before a delivery is counted or started,
 * and answered when it has ended. Confined to the loop.
 */
final class Gate {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /** What the gate needs of the others. */
  interface Next {
    /** Leave may be had again: start what can be started. */
    void ask();

    /** The guard lets nothing through. */
    void refused(String why);

    /** It does again. */
    void admitted();
  }

  private final Loop loop;
  private final Guard guard;
  private final Next next;
  private boolean asking; // a timer runs
  private boolean refused;

  Gate(Loop loop, Guard guard, Next next) {
    this.loop = loop;
    this.guard = guard;
    this.next = next;
  }

  /** Whether the delivery of this entry may be counted, and its handler started. */
  boolean admits(Held held) {
    if (guard == Guard.NONE || held.admitted) {
      return true;
    }
    Duration wait = guard.tryAcquire(loop.nanos());
    if (wait.isZero()) {
      held.admitted = true;
      return true;
    }
    if (!refusal() && !asking) {
      asking = true;
      loop.after(
          wait,
          () -> {
            asking = false;
            next.ask();
          });
    }
    return false;
  }

  /** The entry will not be started now: its leave goes to another one. */
  void giveBack(Held held) {
    if (held.admitted) {
      held.admitted = false;
      guard.giveBack();
    }
  }

  /** A delivery has really ended. */
  void ended(Held held, Ending ending, boolean timedOut, Duration time) {
    if (!held.admitted) {
      return;
    }
    Throwable failure = failure(ending, timedOut);
    if (failure != null) {
      held.admitted = false;
      guard.failed(time, failure);
      refusal();
    } else if (ending instanceof Ending.Said) {
      held.admitted = false;
      guard.succeeded(time);
    } else {
      giveBack(held);
    }
  }

  private static @Nullable Throwable failure(Ending ending, boolean timedOut) {
    if (ending instanceof Ending.Failed failed) {
      return failed.failure();
    }
    if (ending instanceof Ending.Said said) {
      return cause(said.outcome());
    }
    return timedOut && ending instanceof Ending.Cancelled
        ? new TimeoutException("the handler took too long")
        : null;
  }

  private static @Nullable Throwable cause(Outcome outcome) {
    if (outcome instanceof Outcome.Retry retry) {
      return retry.cause();
    }
    return outcome instanceof Outcome.DeadLetter dead ? dead.cause() : null;
  }

  private boolean refusal() {
    if (!refused) {
      guard
          .refusal()
          .ifPresent(
              why -> {
                refused = true;
                next.refused(why);
                loop.after(LOOK_EVERY, this::look);
              });
    }
    return refused;
  }

  private void look() {
    if (guard.refusal().isPresent()) {
      loop.after(LOOK_EVERY, this::look);
    } else {
      refused = false;
      next.admitted();
    }
  }
}
