package io.millstream.observe.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millstream.observe.PublisherObserver;
import io.millstream.observe.WorkerGauges;
import io.millstream.observe.WorkerObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MicrometerObserverTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MicrometerObserver observer = new MicrometerObserver(registry);

  private record Gauges(
      String consumer, int inFlight, int waiting, Duration loopAge, @Nullable Instant serverTime)
      implements WorkerGauges {}

  private WorkerObserver worker(int inFlight, int waiting, Duration loopAge) {
    return observer.worker("orders", "billing", new Gauges("c", inFlight, waiting, loopAge, null));
  }

  private double count(String meter) {
    return registry.get(meter).tags("stream", "orders", "group", "billing").counter().count();
  }

  private double gauge(String meter) {
    return registry.get(meter).tags("stream", "orders", "group", "billing").gauge().value();
  }

  @Test
  void countsWhatTheLoopTells() {
    WorkerObserver worker = worker(0, 0, Duration.ZERO);

    worker.delivered(7);
    worker.acked(5);
    worker.retried();
    worker.deadLettered();
    worker.claimed(3);
    worker.leaseLost();
    worker.leaseLost();

    assertThat(count("millstream.delivered")).isEqualTo(7);
    assertThat(count("millstream.acked")).isEqualTo(5);
    assertThat(count("millstream.retried")).isEqualTo(1);
    assertThat(count("millstream.dead.letters")).isEqualTo(1);
    assertThat(count("millstream.claimed")).isEqualTo(3);
    assertThat(count("millstream.leases.lost")).isEqualTo(2);
  }

  @Test
  void timesHandlersByOutcome() {
    WorkerObserver worker = worker(0, 0, Duration.ZERO);

    worker.handled(Duration.ofMillis(20), true);
    worker.handled(Duration.ofMillis(30), true);
    worker.handled(Duration.ofMillis(40), false);

    var timer = registry.get("millstream.handler");
    assertThat(timer.tag("outcome", "success").timer().totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(50);
    assertThat(registry.get("millstream.handler").tag("outcome", "failure").timer().count())
        .isEqualTo(1);
  }

  @Test
  void gaugesShowAllWorkersOfTheGroupUntilTheyStop() {
    WorkerObserver first = worker(3, 10, Duration.ofSeconds(1));
    WorkerObserver second = worker(4, 20, Duration.ofSeconds(2));

    assertThat(gauge("millstream.in.flight")).isEqualTo(7);
    assertThat(gauge("millstream.waiting")).isEqualTo(30);
    assertThat(gauge("millstream.loop.age")).isEqualTo(2);

    second.stopped();
    assertThat(gauge("millstream.in.flight")).isEqualTo(3);
    assertThat(gauge("millstream.loop.age")).isEqualTo(1);

    first.stopped();
    assertThat(registry.find("millstream.in.flight").gauge()).isNull();

    worker(5, 0, Duration.ZERO);
    assertThat(gauge("millstream.in.flight")).isEqualTo(5);
  }

  @Test
  void countsWhatIsPublished() {
    PublisherObserver publisher = observer.publisher("orders");

    publisher.published();
    publisher.published();
    publisher.publishFailed();

    assertThat(registry.get("millstream.published").tag("stream", "orders").counter().count())
        .isEqualTo(2);
    assertThat(
            registry.get("millstream.publish.failures").tag("stream", "orders").counter().count())
        .isEqualTo(1);
  }
}
