package io.millstream.worker;

import java.time.Duration;
import java.time.Instant;

/**
 * What the server's clock says now, as far as its last answer tells: the fence for a claim. A claim
 * that a frozen server executes only when it thaws finds everybody's leases expired; by its own
 * clock it then comes too late. Leases that are renewed in time are safe: between two renewals lies
 * a third of the visibility timeout, and another third is the fence's. An answer that was slow to
 * come tells of a time that is over, and makes the next fence the tighter. Confined to the loop.
 */
final class ServerClock {
  private final Loop loop;
  private final Duration tolerance;
  private Instant seen = Instant.EPOCH;
  private long seenNanos;

  /**
   * Nothing is known yet.
   *
   * @param renewEvery a third of the visibility timeout
   */
  ServerClock(Loop loop, Duration renewEvery) {
    this.loop = loop;
    this.tolerance = renewEvery;
  }

  /** The latest server time at which a claim that is sent now may be executed. */
  Instant fence() {
    return seen.equals(Instant.EPOCH)
        ? Instant.EPOCH
        : seen.plusNanos(loop.nanos() - seenNanos).plus(tolerance);
  }

  /** An answer has come. */
  void saw(Instant serverTime) {
    seen = serverTime;
    seenNanos = loop.nanos();
  }

  /**
   * A claim was refused: it came too late by the server's clock.
   *
   * @return whether that was more than the first sight of the clock
   */
  boolean leapt(Instant serverTime) {
    boolean first = seen.equals(Instant.EPOCH);
    saw(serverTime);
    return !first;
  }
}
