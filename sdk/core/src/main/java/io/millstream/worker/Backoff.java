package io.millstream.worker;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying Redis again: doubling from 100 ms, of which up to half is left to
 * chance.
 */
final class Backoff {
  /** Long enough not to burden a server in trouble, short enough to be there when it is over. */
  static final Duration LONGEST = Duration.ofMillis(1_500);

  private static final long FIRST_MILLIS = 100;

  private final RandomGenerator random;
  private final long longestMillis;
  private long next;

  Backoff(RandomGenerator random, Duration longest) {
    this.random = random;
    this.longestMillis = Math.min(LONGEST.toMillis(), longest.toMillis());
    reset();
  }

  /** The next wait. */
  Duration next() {
    long whole = next;
    next = Math.min(longestMillis, 2 * next);
    return Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
  }

  /** It worked: start small the next time. */
  void reset() {
    next = Math.min(FIRST_MILLIS, longestMillis);
  }
}
