package io.millstream.engine.memory;

import java.time.Duration;

/** Durations as the milliseconds that would be sent. */
final class Millis {
  private Millis() {}

  /**
   * Rounded up, so that a wait that is not zero does not become one: to Redis, zero means for ever.
   */
  static long of(Duration duration, String errorIfTooLong) {
    try {
      long millis = duration.toMillis();
      return duration.minusMillis(millis).isZero() ? millis : millis + 1;
    } catch (ArithmeticException e) {
      throw Errors.err(errorIfTooLong);
    }
  }
}
