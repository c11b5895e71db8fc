package io.millstream.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.message.Outcome;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Exceptions;

class RetryPolicyTest {
  private final Throwable failure = new IOException("down");
  private final RandomGenerator random = new Random(1);

  private Duration delay(RetryPolicy policy, long delivery, RandomGenerator random) {
    Outcome outcome = policy.maxDeliveries(Integer.MAX_VALUE).decide(failure, delivery, random);
    return ((Outcome.Retry) outcome).delay();
  }

  private List<Duration> delays(RetryPolicy policy, int count, RandomGenerator random) {
    return LongStream.rangeClosed(1, count).mapToObj(n -> delay(policy, n, random)).toList();
  }

  @Test
  void doublesTheDelayUpToTheCap() {
    RetryPolicy policy =
        RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0).maxDelay(Duration.ofSeconds(5));

    assertThat(delays(policy, 5, random))
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 2L, 4L, 5L, 5L);
  }

  @Test
  void multipliesAndKeepsSmallDelaysExact() {
    RetryPolicy policy = RetryPolicy.exponential(Duration.ofMillis(1)).jitter(0).multiplier(1.5);

    assertThat(delays(policy, 3, random))
        .extracting(Duration::toNanos)
        .containsExactly(1_000_000L, 1_500_000L, 2_250_000L);
  }

  @Test
  void capsAtTenMinutesUnlessTheFirstDelayIsLonger() {
    RetryPolicy policy = RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0);

    assertThat(delay(policy, 30, random)).isEqualTo(Duration.ofMinutes(10));
    assertThat(delay(policy, Integer.MAX_VALUE - 1, random)).isEqualTo(Duration.ofMinutes(10));
    assertThat(delay(RetryPolicy.exponential(Duration.ofHours(1)).jitter(0), 3, random))
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void jitterOnlyShortensAndByNoMoreThanItsShare() {
    RetryPolicy policy = RetryPolicy.fixed(Duration.ofSeconds(10)).jitter(0.3);

    List<Duration> delays = delays(policy, 1_000, random);

    assertThat(delays)
        .allSatisfy(
            delay -> assertThat(delay).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(10)));
    assertThat(delays.stream().distinct().count()).isGreaterThan(900);
  }

  @ParameterizedTest
  @MethodSource("jitteredPolicies")
  void delaysAreNeverNegativeAndNeverOverTheCap(RetryPolicy policy, Duration cap) {
    for (long delivery : new long[] {1, 2, 3, 10, 63, 64, 1_000, Integer.MAX_VALUE - 1}) {
      for (int i = 0; i < 50; i++) {
        assertThat(delay(policy, delivery, random)).isBetween(Duration.ZERO, cap);
      }
    }
  }

  static Stream<Arguments> jitteredPolicies() {
    Duration century = Duration.ofDays(36_500);
    return Stream.of(
        Arguments.of(RetryPolicy.exponential(Duration.ofSeconds(1)), Duration.ofMinutes(10)),
        Arguments.of(
            RetryPolicy.exponential(Duration.ofNanos(1)).jitter(1), Duration.ofMinutes(10)),
        Arguments.of(
            RetryPolicy.exponential(Duration.ofDays(1))
                .multiplier(Double.MAX_VALUE)
                .maxDelay(century)
                .jitter(1),
            century),
        Arguments.of(RetryPolicy.exponential(century), century),
        Arguments.of(RetryPolicy.fixed(Duration.ZERO).jitter(1), Duration.ZERO));
  }

  @Test
  void theSameSeedGivesTheSameDelays() {
    RetryPolicy policy = RetryPolicy.exponential(Duration.ofSeconds(1));
    Supplier<List<Duration>> fromSeed7 = () -> delays(policy, 20, new Random(7));

    assertThat(fromSeed7.get()).isEqualTo(fromSeed7.get());
    assertThat(fromSeed7.get()).isNotEqualTo(delays(policy, 20, new Random(8)));
  }

  @Test
  void deadLettersWhenDeliveriesAreSpent() {
    RetryPolicy policy = RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(3);

    assertThat(policy.decide(failure, 2, random))
        .isEqualTo(new Outcome.Retry(Duration.ofSeconds(1), failure));
    assertThat(policy.decide(failure, 3, random))
        .isEqualTo(new Outcome.DeadLetter("deliveries spent", failure));
    assertThat(policy.decide(failure, 4, random)).isInstanceOf(Outcome.DeadLetter.class);
    assertThat(policy.spent(2)).isFalse();
    assertThat(policy.spent(3)).isTrue();
  }

  @Test
  void givesFiveDeliveriesByDefaultAndOneWithoutRetries() {
    assertThat(RetryPolicy.exponential(Duration.ofSeconds(1)).maxDeliveries()).isEqualTo(5);
    assertThat(RetryPolicy.fixed(Duration.ZERO).maxDeliveries()).isEqualTo(5);
    assertThat(RetryPolicy.none().decide(failure, 1, random))
        .isEqualTo(new Outcome.DeadLetter("deliveries spent", failure));
  }

  @Test
  void deadLettersFailuresOfTheGivenTypesAtOnce() {
    RetryPolicy policy =
        RetryPolicy.fixed(Duration.ZERO)
            .deadLetterOn(FileNotFoundException.class)
            .deadLetterOn(ArithmeticException.class, ClassCastException.class);
    FileNotFoundException notFound = new FileNotFoundException();

    assertThat(policy.decide(notFound, 1, random))
        .isEqualTo(new Outcome.DeadLetter("not retryable", notFound));
    assertThat(policy.decide(new ArithmeticException(), 1, random))
        .isInstanceOf(Outcome.DeadLetter.class);
    assertThat(policy.decide(new IOException(), 1, random)).isInstanceOf(Outcome.Retry.class);
  }

  @Test
  void retriesOnlyWhatThePredicateSays() {
    RetryPolicy policy = RetryPolicy.fixed(Duration.ZERO).retryOn(IOException.class::isInstance);

    assertThat(policy.decide(failure, 1, random)).isInstanceOf(Outcome.Retry.class);
    assertThat(policy.decide(new Error(), 1, random)).isInstanceOf(Outcome.DeadLetter.class);
  }

  @Test
  void aPredicateThatThrowsDoesNotCostTheMessage() {
    RetryPolicy policy =
        RetryPolicy.fixed(Duration.ZERO)
            .retryOn(
                any -> {
                  throw new IllegalStateException();
                });

    assertThat(policy.decide(failure, 1, random)).isInstanceOf(Outcome.Retry.class);
  }

  @ParameterizedTest
  @MethodSource("wrappers")
  void looksThroughWhatOnlyWraps(UnaryOperator<Throwable> wrap) {
    RetryPolicy policy = RetryPolicy.fixed(Duration.ZERO).deadLetterOn(IOException.class);

    assertThat(policy.decide(wrap.apply(failure), 1, random))
        .isEqualTo(new Outcome.DeadLetter("not retryable", failure));
  }

  static Stream<UnaryOperator<Throwable>> wrappers() {
    return Stream.of(
        CompletionException::new,
        ExecutionException::new,
        Exceptions::propagate,
        failure -> new CompletionException(Exceptions.propagate(new ExecutionException(failure))));
  }

  @Test
  void aWrapperAroundNothingStandsForItself() {
    CompletionException empty = new CompletionException("nothing inside", null);

    assertThat(RetryPolicy.none().decide(empty, 1, random))
        .isEqualTo(new Outcome.DeadLetter("deliveries spent", empty));
  }

  @Test
  void settingsDoNotChangeThePolicyTheyStartFrom() {
    RetryPolicy policy = RetryPolicy.exponential(Duration.ofSeconds(1)).jitter(0);

    policy.maxDeliveries(1).multiplier(9).maxDelay(Duration.ofSeconds(1)).deadLetterOn(Error.class);

    assertThat(policy.decide(new Error(), 2, random))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.delay()).isEqualTo(Duration.ofSeconds(2)));
  }

  @ParameterizedTest
  @MethodSource("wrongSettings")
  void saysInOneLineWhatIsWrongWithASetting(ThrowingCallable setting, String message) {
    assertThatThrownBy(setting)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  static Stream<Arguments> wrongSettings() {
    RetryPolicy policy = RetryPolicy.exponential(Duration.ofSeconds(2));
    return Stream.of(
        wrong(() -> policy.maxDeliveries(0), "maxDeliveries: 0, expected 1 or more"),
        wrong(() -> policy.maxDeliveries(-1), "maxDeliveries: -1, expected"),
        wrong(() -> RetryPolicy.exponential(Duration.ZERO), "delay: PT0S, expected more than zero"),
        wrong(
            () -> RetryPolicy.exponential(Duration.ofSeconds(-1)),
            "delay: PT-1S, expected zero or more"),
        wrong(() -> RetryPolicy.fixed(Duration.ofNanos(-1)), "delay: PT-0.000000001S, expected"),
        wrong(() -> RetryPolicy.fixed(Duration.ofDays(36_501)), "delay: PT876024H, expected"),
        wrong(
            () -> policy.maxDelay(Duration.ofSeconds(1)),
            "maxDelay: PT1S, expected at least the first delay PT2S"),
        wrong(() -> policy.maxDelay(Duration.ofSeconds(Long.MAX_VALUE)), "maxDelay: PT"),
        wrong(() -> policy.multiplier(0.5), "multiplier: 0.5, expected 1 or more"),
        wrong(() -> policy.multiplier(Double.NaN), "multiplier: NaN, expected"),
        wrong(() -> policy.multiplier(Double.POSITIVE_INFINITY), "multiplier: Infinity"),
        wrong(() -> policy.jitter(2), "jitter: 2.0, expected 0 to 1"),
        wrong(() -> policy.jitter(-0.1), "jitter: -0.1, expected 0 to 1"),
        wrong(() -> policy.jitter(Double.NaN), "jitter: NaN, expected 0 to 1"));
  }

  private static Arguments wrong(ThrowingCallable setting, String message) {
    return Arguments.of(setting, message);
  }
}
