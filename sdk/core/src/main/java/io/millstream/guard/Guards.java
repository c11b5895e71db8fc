package io.millstream.guard;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;

/**
 * Guards made of Resilience4j's parts, whose modules ({@code resilience4j-circuitbreaker}, {@code
 * resilience4j-ratelimiter}) must be on the class path of whoever uses them.
 *
 * @since 0.1
 */
public final class Guards {
  private Guards() {}

  /**
   * A circuit breaker. Each message is a call: it succeeds when its handler completes (whatever
   * outcome it asks for, unless that has a cause), fails when the handler fails or runs out of its
   * time, and counts for nothing when the handler was cancelled or its payload could not be
   * decoded. While the breaker is open the worker is paused and no deliveries are spent; when its
   * wait is over the worker reads again, half-open permits are taken only when handlers start.
   *
   * <p>The breaker's waiting runs on its own clock ({@code
   * CircuitBreakerConfig.Builder.currentTimestampFunction}, and {@code clock} for the open state).
   * A worker that has nothing to start does not ask: it learns of a breaker that others have opened
   * with its next message, which it gives back unspent.
   *
   * @param breaker may be shared with others
   */
  public static Guard circuitBreaker(CircuitBreaker breaker) {
    return new CircuitBreakerGuard(breaker);
  }

  /**
   * A rate limiter. Each message takes a permit before its handler starts; what has none waits in
   * the worker, which reads no more than it can hold. Its periods run in real time.
   *
   * @param limiter may be shared with others
   */
  public static Guard rateLimiter(RateLimiter limiter) {
    return new RateLimiterGuard(limiter);
  }
}
