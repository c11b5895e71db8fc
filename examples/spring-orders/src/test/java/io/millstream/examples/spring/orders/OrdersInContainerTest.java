package io.millstream.examples.spring.orders;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/** The service on a Redis in a container, found by {@code @ServiceConnection}; only with Docker. */
@Tag("redis")
@Testcontainers(disabledWithoutDocker = true)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "millstream.engine=redis")
class OrdersInContainerTest {
  @Container
  @ServiceConnection(name = "redis")
  static GenericContainer<?> redis =
      new GenericContainer<>(System.getProperty("redis.image", "redis:8.6")).withExposedPorts(6379);

  @LocalServerPort int port;

  @Test
  void ordersAreTakenAndChargedOrGivenUp() {
    new OverHttp(port).ordersAreTakenAndChargedOrGivenUp(200);
  }
}
