package io.millstream.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of the application's listeners and nothing else: of its components only those with a
 * {@code @MillstreamListener}, {@code WorkerCustomizer} and {@code PublisherCustomizer}, of the
 * auto-configurations only Millstream's, Jackson's and the validation's. What listeners need
 * besides, the test brings, with {@code @MockitoBean} or {@code @Import}. All as {@link
 * AutoConfigureTestMillstream} says.
 *
 * @since 0.1
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@BootstrapWith(MillstreamTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(MillstreamTypeExcludeFilter.class)
@AutoConfigureTestMillstream
@ImportAutoConfiguration
public @interface MillstreamTest {
  /** Properties as {@code name=value}, added before the context is made. */
  String[] properties() default {};

  /** Whether the components named above are found by default. */
  boolean useDefaultFilters() default true;

  /** Components that are found besides. */
  Filter[] includeFilters() default {};

  /** Components that are not found. */
  Filter[] excludeFilters() default {};

  /** Auto-configurations that are left out. */
  @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
  Class<?>[] excludeAutoConfiguration() default {};
}
