package io.millstream.engine.lettuce;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * What a test may want otherwise.
 *
 * @param commandTimeout how long to wait for a reply, and for a connection on which commands are
 *     taken
 * @param maxOutstanding how many commands may wait for their replies on one connection
 * @param firstDelay about how long to wait before the first reconnect
 * @param maxDelay how long to wait at most
 * @param jitter random numbers from 0 to 1
 */
record Settings(
    Duration commandTimeout,
    int maxOutstanding,
    Duration firstDelay,
    Duration maxDelay,
    DoubleSupplier jitter) {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(2);

  static final Settings DEFAULT =
      new Settings(
          Duration.ofSeconds(10),
          16_384,
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          () -> ThreadLocalRandom.current().nextDouble());

  /**
   * How long to wait for a server to take a connection. Shorter than for a reply: a server that is
   * busy takes connections all the same, for its kernel does it, and a packet that was dropped is
   * not sent again for seconds, when the server may be back.
   */
  Duration connectTimeout() {
    return commandTimeout.compareTo(LONGEST_CONNECT) < 0 ? commandTimeout : LONGEST_CONNECT;
  }

  /** How long to wait after that many attempts in vain: it doubles, less up to a half by chance. */
  Duration delay(int attempts) {
    long doubled = firstDelay.toNanos() << Math.min(attempts, 20);
    long capped = Math.min(doubled, maxDelay.toNanos());
    return Duration.ofNanos(capped - (long) (capped * 0.5 * jitter.getAsDouble()));
  }
}
