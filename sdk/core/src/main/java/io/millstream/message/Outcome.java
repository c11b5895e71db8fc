package io.millstream.message;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a delivery ends. A handler that says nothing acknowledges by completing and fails by an
 * error; one that wants to decide for itself emits an outcome.
 *
 * @since 0.1
 */
public sealed interface Outcome {
  /** Done: the entry leaves the pending entries list (XACK). */
  static Outcome ack() {
    return Ack.INSTANCE;
  }

  /**
   * Deliver it again after a delay, as a counted delivery. If its deliveries are spent, it becomes
   * a dead letter instead.
   *
   * @throws IllegalArgumentException if the delay is negative
   */
  static Outcome retry(Duration delay) {
    return new Retry(delay, null);
  }

  /** Give up: it becomes a dead letter with the given reason. */
  static Outcome deadLetter(String reason) {
    return new DeadLetter(reason, null);
  }

  /** See {@link Outcome#ack()}. */
  record Ack() implements Outcome {
    private static final Ack INSTANCE = new Ack();
  }

  /**
   * See {@link Outcome#retry(Duration)}.
   *
   * @param delay how long to wait, zero or more
   * @param cause the failure behind it, if there was one
   */
  record Retry(Duration delay, @Nullable Throwable cause) implements Outcome {
    public Retry {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("delay: " + delay + ", expected zero or more");
      }
    }
  }

  /**
   * See {@link Outcome#deadLetter(String)}.
   *
   * @param reason why, in a few words; it is stored with the dead letter
   * @param cause the failure behind it, if there was one
   */
  record DeadLetter(String reason, @Nullable Throwable cause) implements Outcome {}
}
