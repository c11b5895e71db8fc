package io.millstream.examples.spring.orders;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** In memory, or on the Redis that {@code spring.data.redis.url} names. */
@SpringBootApplication
class OrdersApplication {
  public static void main(String[] args) {
    SpringApplication application = new SpringApplication(OrdersApplication.class);
    application.addInitializers(context -> onRedisIfNamed(context.getEnvironment()));
    application.run(args);
  }

  static void onRedisIfNamed(ConfigurableEnvironment environment) {
    if (environment.containsProperty("spring.data.redis.url")) {
      environment
          .getPropertySources()
          .addFirst(new MapPropertySource("redis-is-named", Map.of("millstream.engine", "redis")));
    }
  }
}
