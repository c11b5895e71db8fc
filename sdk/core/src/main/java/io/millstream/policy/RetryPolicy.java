package io.millstream.policy;

import io.millstream.message.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import reactor.core.Exceptions;

/**
 * What happens to a message whose handler failed: another delivery after a delay, or a dead letter.
 * By default every failure is retried until {@value #DEFAULT_MAX_DELIVERIES} deliveries are spent.
 *
 * <pre>{@code
 * RetryPolicy.exponential(Duration.ofSeconds(1)).maxDeliveries(5).deadLetterOn(InvalidOrder.class)
 * }</pre>
 *
 * <p>Failures that only wrap another ({@code CompletionException}, {@code ExecutionException},
 * Reactor's own wrapper of checked exceptions) are looked at by what they wrap.
 *
 * <p>Immutable: each method that sets something returns another policy. Wrong values throw {@code
 * IllegalArgumentException}.
 *
 * @since 0.1
 */
public final class RetryPolicy {
  /** How many deliveries a message gets by default. */
  public static final int DEFAULT_MAX_DELIVERIES = 5;

  /** The reason of a dead letter whose deliveries are spent. */
  public static final String DELIVERIES_SPENT = "deliveries spent";

  /** The reason of a dead letter whose failure is not to be retried. */
  public static final String NOT_RETRYABLE = "not retryable";

  private static final double DEFAULT_MULTIPLIER = 2;
  private static final double DEFAULT_JITTER = 0.5;
  private static final Duration DEFAULT_MAX_DELAY = Duration.ofMinutes(10);

  private final int maxDeliveries;
  private final Backoff backoff;
  private final List<Class<? extends Throwable>> deadly;
  private final Predicate<? super Throwable> retryable;

  private RetryPolicy(
      int maxDeliveries,
      Backoff backoff,
      List<Class<? extends Throwable>> deadly,
      Predicate<? super Throwable> retryable) {
    if (maxDeliveries < 1) {
      throw new IllegalArgumentException(
          "maxDeliveries: " + maxDeliveries + ", expected 1 or more");
    }
    this.maxDeliveries = maxDeliveries;
    this.backoff = backoff;
    this.deadly = deadly;
    this.retryable = Objects.requireNonNull(retryable, "retryable");
  }

  private static RetryPolicy of(int maxDeliveries, Backoff backoff) {
    return new RetryPolicy(maxDeliveries, backoff, List.of(), failure -> true);
  }

  /**
   * Delays that double from {@code initial} up to 10 minutes (or {@code initial}, if that is
   * longer), each shortened at random by up to half of it.
   *
   * @param initial the delay after the first delivery, more than zero, before it is shortened
   */
  public static RetryPolicy exponential(Duration initial) {
    if (initial.isZero()) {
      throw new IllegalArgumentException("delay: " + initial + ", expected more than zero");
    }
    Duration max = initial.compareTo(DEFAULT_MAX_DELAY) > 0 ? initial : DEFAULT_MAX_DELAY;
    return of(
        DEFAULT_MAX_DELIVERIES, new Backoff(initial, DEFAULT_MULTIPLIER, max, DEFAULT_JITTER));
  }

  /**
   * The same delay each time, without jitter.
   *
   * @param delay zero or more
   */
  public static RetryPolicy fixed(Duration delay) {
    return of(DEFAULT_MAX_DELIVERIES, new Backoff(delay, 1, delay, 0));
  }

  /** No second delivery: what fails becomes a dead letter. */
  public static RetryPolicy none() {
    return of(1, new Backoff(Duration.ZERO, 1, Duration.ZERO, 0));
  }

  /** How many times a message is delivered at most, the first included. Default 5. */
  public RetryPolicy maxDeliveries(int count) {
    return new RetryPolicy(count, backoff, deadly, retryable);
  }

  /** How many times a message is delivered at most, the first included. */
  public int maxDeliveries() {
    return maxDeliveries;
  }

  /** By how much each delay grows: 1 or more. Default 2 ({@link #exponential}), 1 otherwise. */
  public RetryPolicy multiplier(double multiplier) {
    return with(new Backoff(backoff.initial(), multiplier, backoff.maxDelay(), backoff.jitter()));
  }

  /** The longest delay, no less than the first one and no more than 36,500 days. */
  public RetryPolicy maxDelay(Duration maxDelay) {
    return with(new Backoff(backoff.initial(), backoff.multiplier(), maxDelay, backoff.jitter()));
  }

  /**
   * By how much of itself a delay may be shortened at random, 0 (not at all) to 1. Default 0.5
   * ({@link #exponential}), 0 otherwise.
   */
  public RetryPolicy jitter(double share) {
    return with(new Backoff(backoff.initial(), backoff.multiplier(), backoff.maxDelay(), share));
  }

  private RetryPolicy with(Backoff other) {
    return new RetryPolicy(maxDeliveries, other, deadly, retryable);
  }

  /** Failures of these types, and of types below them, are not retried; adds to earlier ones. */
  @SafeVarargs
  public final RetryPolicy deadLetterOn(Class<? extends Throwable>... types) {
    List<Class<? extends Throwable>> all = new ArrayList<>(deadly);
    for (Class<? extends Throwable> type : types) {
      all.add(Objects.requireNonNull(type, "type"));
    }
    return new RetryPolicy(maxDeliveries, backoff, List.copyOf(all), retryable);
  }

  /**
   * Retries only the failures for which the predicate is true; replaces an earlier one. It must not
   * block. A predicate that throws counts as true: the deliveries are limited anyway.
   */
  public RetryPolicy retryOn(Predicate<? super Throwable> predicate) {
    return new RetryPolicy(maxDeliveries, backoff, deadly, predicate);
  }

  /** Whether a message with this delivery count gets no other delivery. */
  public boolean spent(long delivery) {
    return delivery >= maxDeliveries;
  }

  /**
   * What to do after a failure.
   *
   * @param failure what the handler failed with
   * @param delivery which delivery failed, the first being 1
   * @param random where jitter comes from; the same seed gives the same delays
   * @return {@link Outcome.Retry} or {@link Outcome.DeadLetter}, with the unwrapped failure
   */
  public Outcome decide(Throwable failure, long delivery, RandomGenerator random) {
    Throwable cause = unwrap(failure);
    if (!isRetryable(cause)) {
      return new Outcome.DeadLetter(NOT_RETRYABLE, cause);
    }
    if (spent(delivery)) {
      return new Outcome.DeadLetter(DELIVERIES_SPENT, cause);
    }
    return new Outcome.Retry(backoff.after(delivery, random), cause);
  }

  private boolean isRetryable(Throwable cause) {
    if (deadly.stream().anyMatch(type -> type.isInstance(cause))) {
      return false;
    }
    try {
      return retryable.test(cause);
    } catch (RuntimeException e) {
      return true;
    }
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable now = Exceptions.unwrap(failure);
    Throwable cause = now.getCause();
    boolean wraps = now instanceof CompletionException || now instanceof ExecutionException;
    return wraps && cause != null ? unwrap(cause) : now;
  }

  @Override
  public String toString() {
    return "RetryPolicy[maxDeliveries=" + maxDeliveries + ", " + backoff + "]";
  }
}
