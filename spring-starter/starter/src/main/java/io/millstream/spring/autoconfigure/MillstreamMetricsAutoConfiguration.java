package io.millstream.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.millstream.observe.Observer;
import io.millstream.observe.micrometer.MicrometerObserver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Meters of workers and publishers in the application's registry.
 *
 * @since 0.1
 */
@AutoConfiguration(
    before = MillstreamAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure"
          + ".CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "millstream.enabled", matchIfMissing = true)
public final class MillstreamMetricsAutoConfiguration {
  @Bean
  @ConditionalOnBean(MeterRegistry.class)
  @ConditionalOnMissingBean(Observer.class)
  MicrometerObserver millstreamObserver(MeterRegistry registry) {
    return new MicrometerObserver(registry);
  }
}
