package io.millstream.worker;

import io.millstream.guard.Guard;
import io.millstream.message.Outcome;
import io.millstream.worker.Settlement.Ending;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leave to start handlers, as the guard gives it: taken before a delivery is counted or started,
 * and answered when it has ended. Confined to the loop.
 */
final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

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
  private boolean faultSaid;

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
    Duration wait = safe(() -> guard.tryAcquire(loop.nanos()), AFTER_A_FAULT);
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
      safe(guard::giveBack);
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
      safe(() -> guard.failed(time, failure));
      refusal();
    } else if (ending instanceof Ending.Said) {
      held.admitted = false;
      safe(() -> guard.succeeded(time));
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
      safe(guard::refusal, Optional.<String>empty())
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
    if (safe(guard::refusal, Optional.<String>empty()).isPresent()) {
      loop.after(LOOK_EVERY, this::look);
    } else {
      refused = false;
      next.admitted();
    }
  }

  /** A guard is the user's: what it throws must not stop the worker. */
  private <R> R safe(Supplier<R> call, R otherwise) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      if (!faultSaid) {
        faultSaid = true;
        log.error("the guard failed, which it must not; it is asked again", e);
      }
      return otherwise;
    }
  }

  private void safe(Runnable call) {
    safe(
        () -> {
          call.run();
          return true;
        },
        false);
  }
}
