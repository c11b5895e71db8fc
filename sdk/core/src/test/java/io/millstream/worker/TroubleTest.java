package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.CreateArgs;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.message.Message;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How a worker comes through trouble with Redis, on virtual time. */
class TroubleTest {
  private final World world = new World();
  private final List<Message<String>> handled = new ArrayList<>();

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  private Mono<Void> record(Message<String> message) {
    handled.add(message);
    return Mono.empty();
  }

  private void abandon(String consumer, int count) {
    world.admin.groups().create(JOBS.name(), GROUP, CreateArgs.from("0")).onErrorComplete().block();
    Reader reader = Objects.requireNonNull(world.admin.openReader().block());
    reader.read(ReadArgs.fresh(JOBS.name(), GROUP, consumer, count, null)).block();
    reader.close().block();
  }

  @Test
  void whenTheConnectionIsBackNothingWaitsForABackoff() {
    world.worker().handle(this::record).start();
    world.advanceSeconds(1);
    world.server.faults().disconnect();
    world.advance(Duration.ofHours(1));
    world.server.faults().connect();
    world.publish("one");
    world.advance(Duration.ofMillis(1));

    assertThat(handled).hasSize(1);
  }

  @Test
  void afterTroubleOfAnyLengthItWorksAgainWithinTwoSeconds() {
    Worker worker = world.worker().handle(this::record).start();
    world.advanceSeconds(1);
    RedisException readonly =
        new RedisException("READONLY", "READONLY You can't write against a read only replica.");
    world.server.faults().failNext("XREADGROUP", 100_000, readonly);
    world.advance(Duration.ofHours(1));
    assertThat(worker.state()).isEqualTo(WorkerState.BACKING_OFF);
    world.server.faults().clear();
    world.publish("one");
    world.advanceSeconds(2);

    assertThat(handled).hasSize(1);
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
  }

  @Test
  void afterTroubleThatKeptOthersFromRenewingTheyGoFirst() {
    Worker worker =
        world.worker().visibilityTimeout(Duration.ofSeconds(30)).handle(this::record).start();
    world.advanceSeconds(60);
    worker.pause().subscribe(); // so that another one reads it
    world.advanceSeconds(1);
    world.publish("one");
    abandon("alive", 1);
    worker.resume();
    // its owner lives, but nobody can renew anything while a script runs
    RedisException busy = new RedisException("BUSY", "BUSY Redis is busy running a script.");
    for (String command : List.of("XREADGROUP", "takeOver", "takeReleased", "renew")) {
      world.server.faults().failNext(command, 10_000, busy);
    }
    world.advanceSeconds(40);
    world.server.faults().clear();
    world.advanceSeconds(9);
    assertThat(handled).as("one renewal period is theirs").isEmpty();
    world.advanceSeconds(12);

    assertThat(handled).hasSize(1);
  }

  @Test
  void whatCannotBeDoneIsTriedOneByOneAndAllOfItFollowsTheFirstThatSucceeds() {
    world
        .worker()
        .concurrency(50)
        .retry(RetryPolicy.none())
        .handle(message -> Mono.error(new IllegalStateException()))
        .start();
    world.advanceSeconds(1);
    // each of them once, and then thirty tries
    world
        .server
        .faults()
        .failNext(
            "deadLetter",
            50 + 30,
            new RedisException("OOM", "OOM command not allowed when used memory > 'maxmemory'."));
    world.publish(50);
    world.advanceSeconds(20);
    assertThat(world.deadLetters()).as("thirty tries take longer").isEmpty();
    for (int i = 0; i < 30_000 && world.deadLetters().isEmpty(); i++) {
      world.advance(Duration.ofMillis(1));
    }

    assertThat(world.deadLetters()).as("all at once").hasSize(50);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void aDutyWhoseWorkHasGoneMeanwhileIsInTroubleNoMore() {
    RedisException busy = new RedisException("BUSY", "BUSY Redis is busy running a script.");
    Sinks.Empty<Void> go = Sinks.empty();
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(3))
            .handle(message -> go.asMono())
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    world.server.faults().failNext("renew", 3, busy);
    world.advanceSeconds(1);
    assertThat(worker.state()).isEqualTo(WorkerState.BACKING_OFF);
    go.tryEmitEmpty(); // nothing is held any more, and nothing to renew
    world.advanceSeconds(5);

    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
  }

  @Test
  void aPausedWorkerIsNotInTroubleWithWhatItDoesNotDo() {
    RedisException busy = new RedisException("BUSY", "BUSY Redis is busy running a script.");
    Worker worker = world.worker().handle(this::record).start();
    world.advanceSeconds(1);
    world.server.faults().failNext("XREADGROUP", 10_000, busy);
    world.server.faults().failNext("takeOver", 10_000, busy);
    world.server.faults().failNext("takeReleased", 10_000, busy);
    world.advanceSeconds(30);
    assertThat(worker.state()).isEqualTo(WorkerState.BACKING_OFF);
    worker.pause().subscribe();
    world.advanceSeconds(5);
    assertThat(worker.state()).isEqualTo(WorkerState.PAUSED);
  }

  @Test
  void withAllHandlersFailingNoMoreWaitThanMayAndReadingGoesOnInTime() {
    Worker worker =
        world
            .worker()
            .concurrency(4)
            .readAhead(4)
            .maxWaiting(20)
            .retry(RetryPolicy.fixed(Duration.ofMinutes(1)).maxDeliveries(3))
            .handle(message -> Mono.error(new IllegalStateException("down")))
            .start();
    world.publish(1_000);
    int most = 0;
    List<WorkerState> states = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      world.advanceSeconds(1);
      most = Math.max(most, worker.load().held());
      states.add(worker.state());
    }

    assertThat(most).as("waiting, and what was in hand when it was full").isBetween(20, 28);
    assertThat(states).contains(WorkerState.SATURATED);
    assertThat(world.deadLetters()).as("it goes on").hasSizeGreaterThan(20);
  }

  @Test
  void aDeadLetterKeyOfAnotherTypeIsFoundAtTheStart() {
    world.server.set(JOBS.deadLetterKey(GROUP), "not a stream");
    world.publish("one");
    Worker worker = world.worker().handle(this::record).start();
    world.advance(Duration.ofMinutes(1));
    assertThat(worker.state()).isEqualTo(WorkerState.BACKING_OFF);
    assertThat(worker.trouble().orElseThrow())
        .contains("WRONGTYPE")
        .contains(JOBS.deadLetterKey(GROUP));
    assertThat(handled).isEmpty();

    world.server.delete(JOBS.deadLetterKey(GROUP));
    world.advanceSeconds(2);
    assertThat(handled).hasSize(1);
  }

  @Test
  void lookingWhetherDeadLettersCouldBeWrittenWritesNone() {
    world.worker().handle(this::record).start();
    world.advanceSeconds(1);
    assertThat(world.deadLetters()).isEmpty();
    assertThat(world.admin.streams().length(JOBS.deadLetterKey(GROUP)).block()).isZero();
  }

  @Test
  void aReleaseNudgesTheOthers() {
    Worker first =
        world
            .worker()
            .concurrency(1)
            .readAhead(4)
            .nudge(true)
            .drainTimeout(Duration.ofSeconds(1))
            .handle(message -> Mono.never())
            .start();
    world.publish(5);
    world.advanceSeconds(1);
    world.worker().nudge(true).concurrency(8).handle(this::record).start();
    world.advance(Duration.ofSeconds(31).plusMillis(7)); // between two rounds
    first.stop().subscribe();
    world.advance(Duration.ofMillis(1_001)); // when the drain timeout is over, at once

    assertThat(handled).hasSize(5);
  }
}
