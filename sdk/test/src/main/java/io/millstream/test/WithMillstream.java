package io.millstream.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class, or one test, a {@link TestMillstream} of its own as a parameter, and
 * closes it afterwards: see {@link MillstreamExtension}. Of several, the one nearest to the test
 * counts, whole: on its method, its class, the class around that.
 *
 * <pre>{@code
 * @WithMillstream(strict = true)
 * class BillingTest {
 *   @Test
 *   void charges(TestMillstream millstream) { ... }
 * }
 * }</pre>
 *
 * @since 0.1
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(MillstreamExtension.class)
public @interface WithMillstream {
  /** Whether a test fails for what it leaves behind: {@link TestMillstream#strict}. Default: no. */
  boolean strict() default false;

  /** What may be left behind all the same. Default: nothing. Goes with {@link #strict} only. */
  Leftover[] allow() default {};

  /** The seed for jitter and names. Default 42. */
  long seed() default TestMillstream.DEFAULT_SEED;
}
