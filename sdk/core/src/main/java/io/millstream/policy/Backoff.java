package io.millstream.policy;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next delivery: exponential up to a cap, then shortened at random by
 * up to the jitter's share. Shortened, not lengthened, so that the cap needs no second look and
 * delays at the cap do not bunch up on it.
 *
 * @param initial the delay after the first delivery; zero means always at once
 * @param multiplier by how much each delay grows
 * @param maxDelay the cap
 * @param jitter the share of a delay that is random
 */
record Backoff(Duration initial, double multiplier, Duration maxDelay, double jitter) {
  /** Keeps nanoseconds within a long, with room for a clock's "now" beside them. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** IntervalFunction walks from the first attempt each time: keep that walk short. */
  private static final int MAX_STEPS = 1_000;

  Backoff {
    if (initial.isNegative() || initial.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "delay: " + initial + ", expected zero or more, at most " + LONGEST);
    }
    if (!(multiplier >= 1 && multiplier <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("multiplier: " + multiplier + ", expected 1 or more");
    }
    if (maxDelay.compareTo(initial) < 0 || maxDelay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "maxDelay: "
              + maxDelay
              + ", expected at least the first delay "
              + initial
              + ", at most "
              + LONGEST);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter: " + jitter + ", expected 0 to 1");
    }
  }

  /** The delay after a delivery, the first being 1. */
  Duration after(long delivery, RandomGenerator random) {
    if (initial.isZero()) {
      return Duration.ZERO;
    }
    long full = interval().apply((int) Math.min(delivery, MAX_STEPS));
    long shortened = full - (long) (full * jitter * random.nextDouble());
    return Duration.ofNanos(shortened);
  }

  private IntervalFunction interval() { // it does not care for the unit: nanoseconds here
    return IntervalFunction.ofExponentialBackoff(initial.toNanos(), multiplier, maxDelay.toNanos());
  }
}
