package io.millstream.examples.spring.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;

/** What a client of the service sees, wherever its streams are. */
final class OverHttp {
  private final RestClient http;

  OverHttp(int port) {
    http = RestClient.create("http://localhost:" + port);
  }

  void ordersAreTakenAndChargedOrGivenUp(long first) {
    take(first, "12.00");
    take(first + 1, "5000.00");
    take(first + 2, "-1.00");

    await().untilAsserted(() -> assertThat(state(first)).contains("\"charged\""));
    await().untilAsserted(() -> assertThat(state(first + 1)).contains("given up: not retryable"));
    await().untilAsserted(() -> assertThat(state(first + 2)).contains("given up: not decodable"));
  }

  private void take(long id, String amount) {
    assertThat(post("/orders", "{\"id\": " + id + ", \"amount\": " + amount + "}"))
        .contains("\"entry\"");
  }

  String post(String path, String json) {
    return String.valueOf(
        http.post()
            .uri(path)
            .contentType(MediaType.APPLICATION_JSON)
            .body(json)
            .retrieve()
            .body(String.class));
  }

  private String state(long id) {
    return get("/orders/" + id);
  }

  String get(String path) {
    return String.valueOf(http.get().uri(path).retrieve().body(String.class));
  }
}
