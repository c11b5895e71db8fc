package io.millstream.spring.autoconfigure;

import io.millstream.spring.actuate.MillstreamEndpointAutoConfiguration;
import io.millstream.spring.actuate.MillstreamHealthAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;

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

  /**
   * In memory and in virtual time, as in an application in which these packages are missing: the
   * configurations are imported, and so their conditions are read before any class is loaded.
   */
  public static ApplicationContextRunner without(String... packages) {
    return new ApplicationContextRunner()
        .withClassLoader(new FilteredClassLoader(packages))
        .withUserConfiguration(VirtualTime.class, Imported.class);
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    MillstreamAutoConfiguration.class,
    MillstreamMetricsAutoConfiguration.class,
    MillstreamHealthAutoConfiguration.class,
    MillstreamEndpointAutoConfiguration.class
  })
  static class Imported {}

  /** In memory and in virtual time. */
  public static ApplicationContextRunner virtual() {
    return plain().withUserConfiguration(VirtualTime.class);
  }
}
