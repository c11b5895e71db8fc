package io.millstream.examples.spring.orders;

import io.millstream.testing.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.UseMainMethod;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service on the Redis that it is given a URL of, started as from the command line. */
@Tag("redis")
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, useMainMethod = UseMainMethod.ALWAYS)
class OrdersOnRedisTest {
  @LocalServerPort int port;

  @DynamicPropertySource
  static void redis(DynamicPropertyRegistry properties) {
    properties.add("spring.data.redis.url", TestRedis::uri);
  }

  @Test
  void ordersAreTakenAndChargedOrGivenUp() {
    new OverHttp(port).ordersAreTakenAndChargedOrGivenUp(100);
  }
}
