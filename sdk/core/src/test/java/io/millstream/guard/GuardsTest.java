package io.millstream.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuardsTest {
  private static final Duration TIME = Duration.ofMillis(5);

  private static RateLimiter limiter(int permits, Duration period, Duration timeout) {
    return RateLimiter.of(
        "downstream",
        RateLimiterConfig.custom()
            .limitForPeriod(permits)
            .limitRefreshPeriod(period)
            .timeoutDuration(timeout)
            .build());
  }

  // --- rate limiter

  @Test
  void aLimiterGrantsWhatItHasAndThenSaysHowLongToWait() {
    Guard guard = Guards.rateLimiter(limiter(2, Duration.ofHours(1), Duration.ofHours(2)));
    assertThat(guard.tryAcquire(0)).isZero();
    assertThat(guard.tryAcquire(0)).isZero();
    Duration wait = guard.tryAcquire(0);
    assertThat(wait).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));

    // the permit is reserved: asking again does not move it away, and when its time has come it is
    // there
    assertThat(guard.tryAcquire(1_000_000_000L)).isEqualTo(wait.minusSeconds(1));
    assertThat(guard.tryAcquire(wait.toNanos())).isZero();
  }

  @Test
  void whatIsBeyondTheLimitersOwnTimeoutIsAskedAgainWithoutAReservation() {
    RateLimiter limiter = limiter(1, Duration.ofHours(1), Duration.ZERO);
    Guard guard = Guards.rateLimiter(limiter);
    assertThat(guard.tryAcquire(0)).isZero();
    for (int i = 0; i < 100; i++) {
      assertThat(guard.tryAcquire(i)).isEqualTo(Duration.ofSeconds(1));
    }
    assertThat(limiter.getMetrics().getAvailablePermissions()).isZero();
  }

  @Test
  void aPermitThatIsGivenBackServesTheNext() {
    Guard guard = Guards.rateLimiter(limiter(1, Duration.ofHours(1), Duration.ZERO));
    assertThat(guard.tryAcquire(0)).isZero();
    guard.giveBack();
    assertThat(guard.tryAcquire(0)).isZero();
    assertThat(guard.tryAcquire(0)).isPositive();
  }

  @Test
  void aLimiterRefusesNothingForGood() {
    Guard guard = Guards.rateLimiter(limiter(1, Duration.ofHours(1), Duration.ZERO));
    guard.tryAcquire(0);
    assertThat(guard.refusal()).isEmpty();
  }

  // --- circuit breaker

  @Test
  void aBreakerLearnsHowCallsEnded() {
    CircuitBreaker breaker = CircuitBreaker.ofDefaults("downstream");
    Guard guard = Guards.circuitBreaker(breaker);
    for (int i = 0; i < 3; i++) {
      assertThat(guard.tryAcquire(0)).isZero();
    }
    guard.succeeded(TIME);
    guard.failed(TIME, new IllegalStateException());
    guard.giveBack();

    assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(1);
    assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
  }

  @Test
  void anOpenBreakerRefusesAndSaysWhichItIs() {
    CircuitBreaker breaker = CircuitBreaker.ofDefaults("downstream");
    Guard guard = Guards.circuitBreaker(breaker);
    assertThat(guard.refusal()).isEmpty();
    breaker.transitionToForcedOpenState();

    assertThat(guard.tryAcquire(0)).isPositive();
    assertThat(guard.refusal()).contains("circuit breaker 'downstream' is FORCED_OPEN");
  }

  @Test
  void whenItsWaitIsOverAskingMakesItHalfOpenAndTakesNoPermit() {
    CircuitBreaker breaker =
        CircuitBreaker.of(
            "downstream",
            CircuitBreakerConfig.custom()
                .waitIntervalFunctionInOpenState(attempt -> 1L)
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
    breaker.transitionToOpenState();
    Guard guard = Guards.circuitBreaker(breaker);
    await().until(() -> guard.refusal().isEmpty());

    assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
    assertThat(guard.tryAcquire(0)).isZero();
    assertThat(guard.tryAcquire(0)).as("the one permit is out").isPositive();
    assertThat(guard.refusal()).as("others may hold it: no reason to pause").isEmpty();
  }

  // --- both

  @Test
  void ofTwoGuardsBothMustGiveLeaveAndTheFirstGetsItsBackIfTheSecondDoesNot() {
    CircuitBreaker breaker =
        CircuitBreaker.of(
            "downstream",
            CircuitBreakerConfig.custom().permittedNumberOfCallsInHalfOpenState(2).build());
    breaker.transitionToOpenState();
    breaker.transitionToHalfOpenState();
    Guard both =
        Guards.circuitBreaker(breaker)
            .and(Guards.rateLimiter(limiter(1, Duration.ofHours(1), Duration.ZERO)));
    assertThat(both.tryAcquire(0)).isZero();
    assertThat(both.tryAcquire(0)).isPositive();
    assertThat(breaker.tryAcquirePermission()).as("the second half-open permit is back").isTrue();
  }

  @Test
  void bothHearHowItEndedAndEitherMayRefuse() {
    CircuitBreaker first = CircuitBreaker.ofDefaults("first");
    CircuitBreaker second = CircuitBreaker.ofDefaults("second");
    Guard both = Guards.circuitBreaker(first).and(Guards.circuitBreaker(second));
    both.tryAcquire(0);
    both.succeeded(TIME);
    both.tryAcquire(0);
    both.failed(TIME, new IllegalStateException());
    for (CircuitBreaker breaker : new CircuitBreaker[] {first, second}) {
      assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(1);
      assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
    }
    assertThat(both.refusal()).isEqualTo(Optional.empty());
    second.transitionToForcedOpenState();
    assertThat(both.refusal().orElseThrow()).contains("second");
  }
}
