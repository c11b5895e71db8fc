package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

class WorkerSettingsTest {
  private final World world = new World();

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong("concurrency: 0, allowed: 1 to 100000", b -> b.concurrency(0)),
        wrong("readAhead: -1, allowed: 0 to 100000", b -> b.readAhead(-1)),
        wrong("maxWaiting: 0, allowed: 1 or more", b -> b.maxWaiting(0)),
        wrong("batchSize: 0, allowed: 1 to 10000", b -> b.handleBatch(0, batch -> Mono.empty())),
        wrong(
            "visibilityTimeout: PT0.999S, allowed: PT1S to PT24H",
            b -> b.visibilityTimeout(Duration.ofMillis(999))),
        wrong(
            "visibilityTimeout: PT25H, allowed: PT1S to PT24H",
            b -> b.visibilityTimeout(Duration.ofHours(25))),
        wrong(
            "handlerTimeout: PT0S, allowed: PT0.001S or more",
            b -> b.handlerTimeout(Duration.ZERO)),
        wrong(
            "drainTimeout: PT-1S, allowed: zero or more",
            b -> b.drainTimeout(Duration.ofSeconds(-1))),
        wrong("blockTimeout: PT0S, allowed: PT0.01S to PT1M", b -> b.blockTimeout(Duration.ZERO)),
        wrong("consumer: ' ', allowed: a name that is not empty", b -> b.consumer(" ")),
        wrong(
            "consumer: 'millstream.released', allowed: a name that does not start with 'millstream.',"
                + " which is reserved",
            b -> b.consumer("millstream.released")));
  }

  private static Arguments wrong(String message, UnaryOperator<WorkerBuilder<String>> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void aWrongSettingFailsAtBuildInOneLine(
      String message, UnaryOperator<WorkerBuilder<String>> change) {
    WorkerBuilder<String> builder = change.apply(world.worker().handle(m -> Mono.empty()));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(message).doesNotContain("\n");
  }

  @Test
  void maxDeliveriesOfZeroFails() {
    assertThatThrownBy(() -> RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(0))
        .hasMessageContaining("maxDeliveries")
        .hasMessageContaining("0");
  }

  @Test
  void aWorkerWithoutAHandlerIsNotBuilt() {
    assertThatThrownBy(() -> world.worker().build()).hasMessageContaining("handler");
  }
}
