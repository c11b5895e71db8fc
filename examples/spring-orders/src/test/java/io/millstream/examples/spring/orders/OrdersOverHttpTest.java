package io.millstream.examples.spring.orders;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The service as it starts by default: in memory. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class OrdersOverHttpTest {
  @LocalServerPort int port;

  @Test
  void ordersAreTakenAndChargedOrGivenUp() {
    new OverHttp(port).ordersAreTakenAndChargedOrGivenUp(1);
  }

  @Test
  void healthTellsTheStateOfEachListener() {
    OverHttp http = new OverHttp(port);

    assertThat(http.get("/actuator/health/readiness")).contains("\"charge\"", "\"give-up\"");
    assertThat(http.get("/actuator/health/liveness")).contains("millstreamLoops");
  }
}
