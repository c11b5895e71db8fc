package io.millstream.guard;

import java.time.Duration;
import java.util.Optional;

/**
 * Says whether handlers may start. A worker asks for leave before each start (and before Redis
 * counts the delivery, so that what is held back spends none), tells how it ended, and pauses while
 * nothing is let through at all. See {@link Guards} for those that are there.
 *
 * <p>All methods are called on the worker's loop: they must be cheap, must not block and must not
 * throw. Workers that share a guard call it from several threads.
 *
 * @since 0.1
 */
public interface Guard {
  /** Lets everything through. */
  Guard NONE =
      new Guard() {
        @Override
        public Duration tryAcquire(long nowNanos) {
          return Duration.ZERO;
        }
      };

  /**
   * Asks for leave to handle one message. What was granted is answered by exactly one of {@link
   * #giveBack()}, {@link #succeeded} and {@link #failed}.
   *
   * @param nowNanos the worker's clock, for measuring durations only
   * @return zero if it is granted; otherwise how long to wait before asking again, which the worker
   *     may do earlier
   */
  Duration tryAcquire(long nowNanos);

  /** Leave that was granted was not used, or its handler was cancelled. */
  default void giveBack() {}

  /**
   * A message was handled.
   *
   * @param time how long its handler ran
   */
  default void succeeded(Duration time) {}

  /**
   * A handler failed.
   *
   * @param time how long it ran
   * @param failure why
   */
  default void failed(Duration time, Throwable failure) {}

  /**
   * Why nothing is let through for now, in a few words; empty if something may be. While there is a
   * reason the worker is paused, and asks again twice a second.
   */
  default Optional<String> refusal() {
    return Optional.empty();
  }

  /** This guard, and behind it another one: both must give leave. */
  default Guard and(Guard other) {
    return new Both(this, other);
  }
}
