package io.millstream.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What happens after a failure of a {@link MillstreamListener}: the settings of a {@code
 * RetryPolicy}. Each can also be set as {@code millstream.listeners.<id>.retry.<attribute>} and
 * {@code millstream.listener.retry.<attribute>}.
 *
 * @since 0.1
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface MillstreamRetry {
  /** How many times a message is delivered at most, the first included. Default 5. */
  String maxDeliveries() default "";

  /** The delay after the first delivery; zero retries always at once. Default 1 s. */
  String delay() default "";

  /** By how much each delay grows. Default 2. */
  String multiplier() default "";

  /** The longest delay. Default 10 min. */
  String maxDelay() default "";

  /** By how much of itself a delay may be shortened at random, 0 to 1. Default 0.5. */
  String jitter() default "";

  /** Failures that are not retried, with what is below them. Default: none. */
  Class<? extends Throwable>[] deadLetterOn() default {};
}
