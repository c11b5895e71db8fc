package io.millstream.spring.actuate;

import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.autoconfigure.MillstreamAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * The actuator's endpoint {@code millstream}.
 *
 * @since 0.1
 */
@AutoConfiguration(after = MillstreamAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(ListenerRegistry.class)
@ConditionalOnAvailableEndpoint(MillstreamEndpoint.class)
public final class MillstreamEndpointAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  MillstreamEndpoint millstreamEndpoint(ListenerRegistry listeners) {
    return new MillstreamEndpoint(listeners);
  }
}
