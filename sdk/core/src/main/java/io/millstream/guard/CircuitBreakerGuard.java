package io.millstream.guard;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** See {@link Guards#circuitBreaker}. */
final class CircuitBreakerGuard implements Guard {
  /** When all half-open permits are out, others of the breaker's users may hold them. */
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final CircuitBreaker breaker;

  CircuitBreakerGuard(CircuitBreaker breaker) {
    this.breaker = breaker;
  }

  @Override
  public Duration tryAcquire(long nowNanos) {
    return breaker.tryAcquirePermission() ? Duration.ZERO : ASK_AGAIN;
  }

  @Override
  public void giveBack() {
    breaker.releasePermission();
  }

  @Override
  public void succeeded(Duration time) {
    breaker.onSuccess(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void failed(Duration time, Throwable failure) {
    breaker.onError(time.toNanos(), TimeUnit.NANOSECONDS, failure);
  }

  /** A breaker becomes half-open only when it is asked for a permit, which is returned at once. */
  @Override
  public Optional<String> refusal() {
    if (!isOpen()) {
      return Optional.empty();
    }
    if (breaker.tryAcquirePermission()) {
      breaker.releasePermission();
      return Optional.empty();
    }
    return isOpen()
        ? Optional.of("circuit breaker '" + breaker.getName() + "' is " + breaker.getState())
        : Optional.empty();
  }

  private boolean isOpen() {
    CircuitBreaker.State state = breaker.getState();
    return state == CircuitBreaker.State.OPEN || state == CircuitBreaker.State.FORCED_OPEN;
  }
}
