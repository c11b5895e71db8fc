package io.millstream.spring.test;

import io.millstream.Millstream;
import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.autoconfigure.MillstreamAutoConfiguration;
import io.millstream.test.TestMillstream;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * A {@link TestMillstream} in place of any other.
 *
 * @since 0.1
 */
@AutoConfiguration(before = MillstreamAutoConfiguration.class)
public final class TestMillstreamAutoConfiguration {
  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean(Millstream.class)
  TestMillstream testMillstream() {
    return TestMillstream.create();
  }

  @Bean
  VirtualListeners virtualListeners(TestMillstream millstream, ListenerRegistry listeners) {
    return new VirtualListeners(millstream, listeners);
  }
}
