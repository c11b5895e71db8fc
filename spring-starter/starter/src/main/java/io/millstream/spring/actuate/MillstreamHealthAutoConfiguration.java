package io.millstream.spring.actuate;

import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.autoconfigure.MillstreamAutoConfiguration;
import io.millstream.spring.autoconfigure.MillstreamProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * The health of listeners, as {@code millstream} and {@code millstreamLoops}.
 *
 * @since 0.1
 */
@AutoConfiguration(after = MillstreamAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(ListenerRegistry.class)
@ConditionalOnEnabledHealthIndicator("millstream")
public final class MillstreamHealthAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  MillstreamHealthIndicator millstreamHealthIndicator(
      ListenerRegistry listeners, MillstreamProperties properties) {
    return new MillstreamHealthIndicator(
        listeners, properties.getHealth().getDownAfter(), properties.getHealth().getHungAfter());
  }

  @Bean
  @ConditionalOnMissingBean
  MillstreamLoopsHealthIndicator millstreamLoopsHealthIndicator(
      ListenerRegistry listeners, MillstreamProperties properties) {
    return new MillstreamLoopsHealthIndicator(listeners, properties.getHealth().getHungAfter());
  }
}
