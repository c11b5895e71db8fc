package io.millstream.examples.spring.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

  @Test
  void theEndpointShowsAndPausesListeners() {
    OverHttp http = new OverHttp(port);
    assertThat(http.get("/actuator/millstream"))
        .contains("\"give-up\"", "\"order:events\"", "\"pending\"");

    assertThat(http.post("/actuator/millstream/give-up", "{\"action\": \"pause\"}"))
        .contains("state");
    await()
        .untilAsserted(
            () -> assertThat(http.get("/actuator/millstream/give-up")).contains("PAUSED"));
    http.post("/actuator/millstream/give-up", "{\"action\": \"resume\"}");
    await()
        .untilAsserted(
            () -> assertThat(http.get("/actuator/millstream/give-up")).contains("RUNNING"));
  }
}
