package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.ClaimArgs;
import io.millstream.entry.EntryId;
import io.millstream.message.Message;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pauses and resumes that come while something else is under way. */
class PauseInterleavingsTest {
  private final World world = new World();
  private final Recorder seen = new Recorder(world);

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  @Test
  void aReleaseOfTheLoneEntryThatIsConfirmedLateHoldsNobodyUp() {
    world.publish("poison");
    world.abandon("dead", 1);
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .retry(RetryPolicy.none().maxDeliveries(2))
            .handle(seen::record)
            .start();
    world.server.faults().failNext("redeliver", 1, World.busy());
    while (worker.load().ready() == 0) {
      world.advanceMillis(1);
    }
    world.server.faults().failNext("release", 4, World.busy());
    worker.pause().subscribe();
    world.advanceMillis(20);
    worker.resume();
    world.advanceMillis(2);
    world.publish("next");
    world.advanceMillis(50);

    assertThat(worker.load().settling()).as("the lone one is still being released").isOne();
    assertThat(seen.handled).extracting(Message::payload).containsExactly("next");
  }

  @Test
  void aLoneEntryThatWasGivenBackHoldsNobodyUpForEver() {
    EntryId poison = world.publish("poison");
    world.abandon("dead", 1);
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(0)
            .visibilityTimeout(Duration.ofSeconds(30))
            .retry(RetryPolicy.none().maxDeliveries(2))
            .handle(seen::record)
            .start();
    world.server.faults().failNext("redeliver", 1, World.busy());
    while (worker.load().ready() == 0) {
      world.advance(Duration.ofMillis(1));
    }
    world.server.faults().failNext("release", 4, World.busy());
    worker.pause().subscribe();
    world.advanceMillis(20);
    worker.resume();
    world.advanceMillis(2);
    world.publish("next");
    while (worker.load().settling() > 0) {
      world.advance(Duration.ofMillis(1)); // until the release is confirmed
    }
    // another worker takes up the released one
    world
        .admin
        .groups()
        .claimJustId(JOBS.name(), GROUP, "other", Duration.ZERO, List.of(poison), ClaimArgs.NONE)
        .block();
    world.admin.groups().ack(JOBS.name(), GROUP, List.of(poison)).block();
    world.advance(Duration.ofHours(1));
    assertThat(seen.handled).extracting(Message::payload).containsExactly("next");
  }

  @Test
  void manyLastDeliveriesThatWereGivenBackDoNotOverflowTheStack() {
    world.publish(10_000);
    world.abandon("fixed", 10_000);
    world.advanceSeconds(120);
    Worker worker =
        world
            .worker()
            .consumer("fixed")
            .retry(RetryPolicy.none().maxDeliveries(2))
            .handle(seen::record)
            .build();
    worker.pause().subscribe();
    worker.start();
    world.advanceSeconds(10);
    worker.resume();
    world.advanceSeconds(60);

    assertThat(seen.handled).isNotEmpty();
  }

  @Test
  void aPausedWorkerGivesBackAllThatIsFoundUnderItsName() {
    Worker worker = world.worker().handle(seen::record).start();
    world.advanceSeconds(1);
    worker.pause().subscribe();
    world.advanceSeconds(1);
    world.publish(60);
    world.abandon(worker.consumer(), 60); // a read of an old connection, say
    world.server.faults().disconnect();
    world.server.faults().connect();
    world.advance(Duration.ofMinutes(10));
    assertThat(world.pending().stream().filter(row -> row.consumer().equals(worker.consumer())))
        .isEmpty();
    assertThat(worker.load()).isEqualTo(WorkerLoad.NONE);
  }

  @Test
  void aWorkerPausedBeforeItsStartClaimsNothing() {
    world.publish("one");
    world.abandon("dead", 1);
    world
        .admin
        .steps()
        .release(
            JOBS.name(),
            GROUP,
            "dead",
            List.of(
                new AtomicSteps.Release(world.pending().get(0).id(), 1, 0, Duration.ofHours(24))))
        .block();
    world.advanceSeconds(1);
    Worker worker = world.worker().handle(seen::record).build();
    worker.pause().subscribe();
    worker.start();
    world.server.faults().failNext("takeReleased", 1, World.busy()); // a claim would show
    world.advance(Duration.ofMillis(10));

    assertThat(worker.trouble().orElse("")).doesNotContain("reap");
  }
}
