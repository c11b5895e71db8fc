package io.millstream.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens after a failure. What is null is not set.
 *
 * @since 0.1
 */
public final class RetryProperties {
  /** Deliveries of a message at most, the first included, 1 or more. By default 5. */
  private @Nullable Integer maxDeliveries;

  /** Delay after the first delivery; zero retries always at once. By default 1s. */
  private @Nullable Duration delay;

  /** Growth of the delays, 1 or more. By default 2. */
  private @Nullable Double multiplier;

  /** Longest delay, no less than the first one. By default 10m. */
  private @Nullable Duration maxDelay;

  /** Share of itself by which a delay may be shortened at random, 0 to 1. By default 0.5. */
  private @Nullable Double jitter;

  /** Failures that are not retried, with what is below them. */
  private @Nullable List<Class<? extends Throwable>> deadLetterOn;

  public @Nullable Integer getMaxDeliveries() {
    return maxDeliveries;
  }

  public void setMaxDeliveries(@Nullable Integer maxDeliveries) {
    this.maxDeliveries = maxDeliveries;
  }

  public @Nullable Duration getDelay() {
    return delay;
  }

  public void setDelay(@Nullable Duration delay) {
    this.delay = delay;
  }

  public @Nullable Double getMultiplier() {
    return multiplier;
  }

  public void setMultiplier(@Nullable Double multiplier) {
    this.multiplier = multiplier;
  }

  public @Nullable Duration getMaxDelay() {
    return maxDelay;
  }

  public void setMaxDelay(@Nullable Duration maxDelay) {
    this.maxDelay = maxDelay;
  }

  public @Nullable Double getJitter() {
    return jitter;
  }

  public void setJitter(@Nullable Double jitter) {
    this.jitter = jitter;
  }

  public @Nullable List<Class<? extends Throwable>> getDeadLetterOn() {
    return deadLetterOn;
  }

  public void setDeadLetterOn(@Nullable List<Class<? extends Throwable>> deadLetterOn) {
    this.deadLetterOn = deadLetterOn;
  }
}
