package io.millstream.guard;

import io.github.resilience4j.ratelimiter.RateLimiter;
import java.time.Duration;

/** See {@link Guards#rateLimiter}. Guarded by its own lock: workers may share it. */
final class RateLimiterGuard implements Guard {
  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final RateLimiter limiter;
  private int givenBack;
  private boolean reserved; // the next permit is ours, from then on
  private long fromNanos;

  RateLimiterGuard(RateLimiter limiter) {
    this.limiter = limiter;
  }

  @Override
  public synchronized Duration tryAcquire(long nowNanos) {
    if (givenBack > 0) {
      givenBack--;
      return Duration.ZERO;
    }
    if (!reserved) {
      long wait = limiter.reservePermission();
      if (wait < 0) {
        return refresh(); // beyond the limiter's own timeout: nothing was reserved
      }
      reserved = true;
      fromNanos = nowNanos + wait;
    }
    long left = fromNanos - nowNanos;
    if (left > 0) {
      return Duration.ofNanos(left);
    }
    reserved = false;
    return Duration.ZERO;
  }

  /** A permit cannot be returned to the limiter: it serves the next message. */
  @Override
  public synchronized void giveBack() {
    givenBack++;
  }

  private Duration refresh() {
    Duration period = limiter.getRateLimiterConfig().getLimitRefreshPeriod();
    if (period.compareTo(LONGEST) > 0) {
      return LONGEST;
    }
    return period.compareTo(SHORTEST) < 0 ? SHORTEST : period;
  }
}
