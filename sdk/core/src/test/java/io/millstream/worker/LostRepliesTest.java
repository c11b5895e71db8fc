package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Commands that have taken effect and whose replies never came. */
class LostRepliesTest {
  private final World world = new World();
  private final Recorder seen = new Recorder(world);

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  @Test
  void aRowPutBackWhoseReplyWasLostCancelsNobody() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .handle(message -> seen.take(message, Duration.ofSeconds(60)))
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    world.deleteConsumer(worker);
    world.server.faults().loseReply("XCLAIM", 1);
    world.advanceSeconds(200);
    assertThat(seen.cancelled).as("nobody else has it").isEmpty();
    assertThat(seen.handled).hasSize(1);
  }

  @Test
  void aRetryWhoseCountedReplyWasLostIsGivenBackByAStop() {
    Worker worker =
        world
            .worker()
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).jitter(0))
            .handle(seen::fail)
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    world.server.faults().loseReply("redeliver", 1);
    while (worker.state() != WorkerState.BACKING_OFF) {
      world.advance(Duration.ofMillis(1));
    }
    worker.stop().subscribe();
    world.advanceSeconds(30);
    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    assertThat(world.pending())
        .singleElement()
        .satisfies(row -> assertThat(row.consumer()).isEqualTo("millstream.released"))
        .satisfies(row -> assertThat(row.deliveries()).isEqualTo(seen.handled.size()));
  }

  @Test
  void aRetryWhoseCountedReplyWasLostIsNotTakenForLost() {
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(0)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(19)).jitter(0))
            .handle(seen::failFirst)
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    world.server.faults().loseReply("redeliver", 1);
    while (worker.state() != WorkerState.BACKING_OFF) {
      world.advance(Duration.ofMillis(1));
    }
    world
        .server
        .faults()
        .failNext("redeliver", 20, World.busy()); // until a renewal comes in between
    world.advanceSeconds(30);
    assertThat(seen.handled).hasSize(2);
  }

  @Test
  void whatWasReleasedWithALostReplyIsTakenUpSoonAfterAResume() {
    List<MonoSink<Void>> sinks = new ArrayList<>();
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(4)
            .handle(
                message -> {
                  seen.handled.add(message);
                  return seen.handled.size() > 1
                      ? Mono.<Void>empty()
                      : Mono.<Void>create(sinks::add);
                })
            .start();
    world.publish(5);
    world.advanceSeconds(1);
    world.server.faults().loseReply("release", 1);
    worker.pause().subscribe();
    while (worker.state() != WorkerState.BACKING_OFF) {
      world.advance(Duration.ofMillis(1));
    }
    worker.resume();
    world.advanceSeconds(1);
    sinks.get(0).success();
    world.advanceSeconds(5);
    assertThat(seen.handled).hasSize(5);
  }

  @Test
  void aReleaseWhoseReplyWasLostLeavesNoDeadLetterOfWhatAnotherHasHandled() {
    Worker worker =
        world
            .worker()
            .retry(RetryPolicy.fixed(Duration.ofSeconds(30)).jitter(0))
            .handle(message -> Mono.error(new IllegalStateException()))
            .start();
    EntryId id = world.publish("one");
    world.advanceSeconds(1);
    world.server.faults().loseReply("release", 1);
    worker.pause().subscribe();
    while (worker.state() != WorkerState.BACKING_OFF) {
      world.advance(Duration.ofMillis(1));
    }
    // another worker takes it up, handles it, and deletes it
    world.admin.groups().ack(JOBS.name(), GROUP, List.of(id)).block();
    world.admin.streams().delete(JOBS.name(), List.of(id)).block();
    world.advanceSeconds(10);
    assertThat(world.deadLetters()).isEmpty();
  }

  @Test
  void aStopLooksAtWhatAnUnendedReadMayHaveBrought() {
    // no right to kill: the read of the broken connection may still take entries until its BLOCK is
    // over
    Worker worker = world.worker().handle(seen::record).start();
    world.advanceSeconds(1);
    world.server.faults().failNext("CLIENT KILL", 10, new RedisException("NOPERM", "NOPERM"));
    world
        .server
        .faults()
        .failNext("XREADGROUP", 1, new RedisException(RedisException.CONNECTION, "cut"));
    world.publish("wakes");
    world.advance(Duration.ofMillis(300));
    long before = world.time.now(TimeUnit.MILLISECONDS);
    worker.stop().subscribe();
    while (worker.state() != WorkerState.STOPPED) {
      world.advance(Duration.ofMillis(10));
    }
    long took = world.time.now(TimeUnit.MILLISECONDS) - before;
    assertThat(took).as("waits out BLOCK, as it may not kill").isGreaterThan(4_000);
  }
}
