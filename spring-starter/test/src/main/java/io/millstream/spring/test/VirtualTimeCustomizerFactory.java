package io.millstream.spring.test;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Keeps the application's own properties from asking for Redis, or for real time. */
final class VirtualTimeCustomizerFactory implements ContextCustomizerFactory {
  @Override
  public @Nullable ContextCustomizer createContextCustomizer(
      Class<?> testClass, List<ContextConfigurationAttributes> configuration) {
    return TestContextAnnotationUtils.hasAnnotation(testClass, AutoConfigureTestMillstream.class)
        ? new VirtualTime()
        : null;
  }

  /** A record: equal ones share a context. */
  private record VirtualTime() implements ContextCustomizer {
    @Override
    public void customizeContext(
        ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
      TestPropertyValues.of("millstream.engine=memory", "millstream.fail-fast=false")
          .applyTo(context);
    }
  }
}
