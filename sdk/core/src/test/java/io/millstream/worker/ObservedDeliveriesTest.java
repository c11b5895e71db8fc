package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.Engine;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.observe.Observer;
import io.millstream.observe.PublisherObserver;
import io.millstream.observe.WorkerGauges;
import io.millstream.observe.WorkerObserver;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** An observer is told of each start of a handler and of each failure, by message and delivery. */
class ObservedDeliveriesTest {
  private final World world = new World();
  private final List<String> seen = new ArrayList<>();

  private final Observer observer =
      new Observer() {
        @Override
        public WorkerObserver worker(String stream, String group, WorkerGauges gauges) {
          return new WorkerObserver() {
            @Override
            public void started(EntryId id, long delivery) {
              seen.add("started " + id + " " + delivery);
            }

            @Override
            public void failed(EntryId id, long delivery, Throwable failure) {
              seen.add("failed " + id + " " + delivery + " " + failure.getClass().getSimpleName());
            }
          };
        }

        @Override
        public PublisherObserver publisher(String stream) {
          return PublisherObserver.NONE;
        }
      };

  private WorkerBuilder<String> worker() {
    Engine engine = world.server.connect();
    WorkerEnvironment environment =
        new WorkerEnvironment(
            engine,
            world.time,
            world.time,
            () -> Schedulers.fromExecutor(world.time::schedule),
            observer,
            new Random(7));
    return new WorkerBuilder<>(JOBS, GROUP, environment, built -> {})
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(2));
  }

  private EntryId publish(Fields fields) {
    world.advanceSeconds(1);
    EntryId id = world.admin.streams().add(JOBS.name(), fields).block();
    if (id == null) {
      throw new AssertionError("no id");
    }
    world.advanceSeconds(10);
    return id;
  }

  @Test
  void everyStartAndEveryFailureOfAHandlerIsTold() {
    worker().handle(m -> Mono.error(new IllegalStateException("no"))).start();
    EntryId id = publish(Fields.of("payload", "x"));
    assertThat(seen)
        .containsExactly(
            "started " + id + " 1",
            "failed " + id + " 1 IllegalStateException",
            "started " + id + " 2",
            "failed " + id + " 2 IllegalStateException");
  }

  @Test
  void aHandlerWhoseTimeIsUpAndAMessageThatCannotBeReadHaveFailed() {
    worker()
        .retry(RetryPolicy.none())
        .handlerTimeout(Duration.ofSeconds(3))
        .handle(m -> Mono.never())
        .start();
    EntryId slow = publish(Fields.of("payload", "x"));
    EntryId unreadable = publish(Fields.of("something", "else"));
    assertThat(seen)
        .containsExactly(
            "started " + slow + " 1",
            "failed " + slow + " 1 TimeoutException",
            "started " + unreadable + " 1",
            "failed " + unreadable + " 1 DecodeException");
  }

  @Test
  void successIsNoFailure() {
    worker().handle(m -> Mono.empty()).start();
    EntryId id = publish(Fields.of("payload", "x"));
    assertThat(seen).containsExactly("started " + id + " 1");
  }
}
