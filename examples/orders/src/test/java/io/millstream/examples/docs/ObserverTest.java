package io.millstream.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.observe.Observer;
import io.millstream.observe.micrometer.MicrometerObserver;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** How docs/operations.md attaches an observer. */
@Tag("redis")
class ObserverTest {
  private final MeterRegistry meterRegistry = new SimpleMeterRegistry();
  private final ObservationRegistry observationRegistry = ObservationRegistry.create();
  private final String uri = TestRedis.uri();

  @Test
  void anObserverMetersTheGroup() {
    // snippet-start: observer
    Observer observer =
        MicrometerObserver.builder()
            .meters(meterRegistry) // millstream.*, and how the groups stand
            .traces(observationRegistry) // a span for each publish and each delivery
            .groupsEvery(Duration.ofSeconds(15)) // the default; zero for never
            .build();

    Millstream millstream = Millstream.connect(uri, observer);
    // snippet-end
    try (millstream) {
      MessageStream<String> jobs = MessageStream.string(TestRedis.key());
      millstream.worker(jobs, "workers").handle(message -> Mono.empty()).start();
      millstream.publisher(jobs).publish("one").block();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> meterRegistry.find("millstream.group.consumers").gauge() != null);
      assertThat(meterRegistry.get("millstream.stream.length").gauge().value()).isPositive();
    }
  }
}
