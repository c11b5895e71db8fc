package io.millstream.spring.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

/** Applications on Boot, without a main class. */
public final class Apps {
  private Apps() {}

  /** With everything that Millstream meets in a plain application. */
  public static ApplicationContextRunner plain() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                MillstreamAutoConfiguration.class,
                MillstreamMetricsAutoConfiguration.class,
                DataRedisAutoConfiguration.class,
                JacksonAutoConfiguration.class,
                ValidationAutoConfiguration.class));
  }

  /** In memory and in virtual time. */
  public static ApplicationContextRunner virtual() {
    return plain().withUserConfiguration(VirtualTime.class);
  }
}
