package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.CreateArgs;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.message.Message;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A group that is destroyed while its workers are in the midst of something. */
class GroupMadeAnewTest {
  private final World world = new World();
  private final Recorder seen = new Recorder(world);

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  @Test
  void handlersRunOnWhenTheGroupIsMadeAnewByThisWorker() {
    world
        .worker()
        .visibilityTimeout(Duration.ofSeconds(30))
        .handle(message -> seen.take(message, Duration.ofSeconds(60)))
        .start();
    world.publish(3);
    world.advanceSeconds(1);
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(200);
    assertThat(seen.cancelled).isEmpty();
    assertThat(seen.handled).hasSize(3);
  }

  @Test
  void handlersRunOnWhenTheGroupIsMadeAnewByAnotherThatHasSeenNothing() {
    world
        .worker()
        .visibilityTimeout(Duration.ofSeconds(30))
        .handle(message -> seen.take(message, Duration.ofSeconds(60)))
        .start();
    world.publish(3);
    world.advanceSeconds(1);
    world.worker().visibilityTimeout(Duration.ofSeconds(30)).handle(seen::record).start();
    world.advanceSeconds(1);
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(200);
    assertThat(seen.cancelled).isEmpty();
  }

  @Test
  void handlersRunOnThoughTheGroupIsMissingForLongerThanTheirLeases() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .onLostGroup(LostGroup.END) // no read brings them again: their rows are put back
            .handle(message -> seen.take(message, Duration.ofSeconds(200)))
            .start();
    world.publish(3);
    world.advanceSeconds(1);
    world.server.faults().failNext("XGROUP CREATE", 100_000, World.busy());
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(90); // while there is no group nobody can take anything over
    world.server.faults().clear();
    world.advanceSeconds(20);
    assertThat(world.pending())
        .hasSize(3)
        .allSatisfy(row -> assertThat(row.consumer()).isEqualTo(worker.consumer()));
    world.advanceSeconds(200);

    assertThat(seen.cancelled).isEmpty();
    assertThat(seen.handled).hasSize(3);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aRetryKeepsItsCountWhenTheGroupIsMadeAnew() {
    world
        .worker()
        .visibilityTimeout(Duration.ofSeconds(30))
        .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).jitter(0).maxDeliveries(3))
        .handle(seen::fail)
        .start();
    world.publish(1);
    world.advanceSeconds(7);
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(200);
    assertThat(seen.handled).extracting(Message::delivery).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aGroupThatIsLostBeforeTheWorkerHasJoinedFailsIt() {
    world.admin.streams().add(JOBS.name(), Fields.of("payload", "x")).block();
    Worker worker =
        world.worker().consumer("fixed").onLostGroup(LostGroup.FAIL).handle(seen::record).build();
    world.server.faults().failNext("XINFO CONSUMERS", 1, new RedisException("NOGROUP", "NOGROUP"));
    worker.start();
    world.advanceSeconds(10);
    assertThat(worker.state()).isEqualTo(WorkerState.FAILED);
  }

  @Test
  void failingAtALostGroupIsOverWhenHandlersAre() {
    Worker worker = world.worker().onLostGroup(LostGroup.FAIL).handle(seen::record).start();
    world.publish(2);
    world.advanceSeconds(1);
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(5);
    assertThat(worker.state()).isEqualTo(WorkerState.FAILED);
  }

  @Test
  void stoppingWithoutAGroupIsOverWhenHandlersAre() {
    Worker worker = world.worker().handle(seen::record).start();
    world.advanceSeconds(1);
    worker.stop().subscribe();
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(5);
    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
  }

  @Test
  void whatAStoppingWorkerHoldsIsNotLostWhenTheGroupIsMadeAnewMeanwhile() {
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(4)
            .drainTimeout(Duration.ofSeconds(1))
            .handle(message -> Mono.never())
            .start();
    world.publish(5);
    world.advanceSeconds(1);
    EntryId last = world.pending().get(4).id();
    worker.stop().subscribe();
    world.advance(Duration.ofMillis(100)); // the handler has its second
    world.admin.groups().destroy(JOBS.name(), GROUP).block();
    world.advanceSeconds(1);
    // another worker makes it anew where that one had come
    world
        .admin
        .groups()
        .create(JOBS.name(), GROUP, CreateArgs.from(last.toString()))
        .onErrorComplete()
        .block();
    world.advanceSeconds(30);
    world.worker().handle(seen::record).start();
    world.advance(Duration.ofMinutes(10));
    assertThat(seen.handled).hasSize(5);
  }
}
