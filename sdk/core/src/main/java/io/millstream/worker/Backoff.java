package io.millstream.worker;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying Redis again: doubling from 100 ms to 10 s, of which up to half is
 * left to chance.
 */
final class Backoff {
  private static final long FIRST_MILLIS = 100;
  private static final long LAST_MILLIS = 10_000;

  private final RandomGenerator random;
  private long next = FIRST_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The next wait. */
  Duration next() {
    long whole = next;
    next = Math.min(LAST_MILLIS, 2 * next);
    return Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
  }

  /** It worked: start small the next time. */
  void reset() {
    next = FIRST_MILLIS;
  }
}
