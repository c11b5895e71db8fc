package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.millstream.engine.PendingEntry;
import io.millstream.guard.Guard;
import io.millstream.guard.Guards;
import io.millstream.message.Message;
import io.millstream.policy.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Pause and resume, by hand and by a guard, on virtual time. */
class PauseTest {
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

  private List<String> payloads() {
    return handled.stream().map(Message::payload).toList();
  }

  /** So many entries has the group read so far. */
  private void assertRead(long entries) {
    assertThat(world.admin.groups().infoGroups(JOBS.name()).block())
        .singleElement()
        .satisfies(group -> assertThat(group.name()).isEqualTo(GROUP))
        .satisfies(group -> assertThat(group.entriesRead()).isEqualTo(entries));
  }

  // --- by hand

  @Test
  void aPausedWorkerReadsNothingAndGivesBackUnspentWhatItHadReadAhead() {
    Sinks.Empty<Void> go = Sinks.empty();
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(4)
            .handle(
                message -> {
                  handled.add(message);
                  return go.asMono();
                })
            .start();
    world.publish(20);
    world.advanceSeconds(1);
    assertRead(5);
    AtomicBoolean paused = new AtomicBoolean();
    worker.pause().subscribe(null, null, () -> paused.set(true));
    world.advanceSeconds(1);

    assertThat(worker.state()).isEqualTo(WorkerState.PAUSED);
    assertThat(worker.trouble()).contains("paused: by hand");
    assertThat(paused).isTrue();
    assertThat(worker.load()).isEqualTo(new WorkerLoad(1, 0, 0, 0));
    assertThat(world.pending().stream().filter(row -> row.consumer().equals("millstream.released")))
        .hasSize(4)
        .allSatisfy(row -> assertThat(row.deliveries()).isZero());

    go.tryEmitEmpty(); // what runs ends, and is acknowledged
    world.advance(Duration.ofMinutes(10));
    assertRead(5);
    assertThat(payloads()).containsExactly("job-0");
    assertThat(world.pending()).hasSize(4);

    worker.resume();
    world.advanceSeconds(1); // at once, not in the next round
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
    assertThat(handled).hasSize(20);
    assertThat(handled).extracting(Message::delivery).containsOnly(1L);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void whatAPausedWorkerGivesBackIsTakenUpByAnother() {
    Worker first =
        world.worker().concurrency(1).readAhead(4).handle(message -> Mono.never()).start();
    world.publish(5);
    world.advanceSeconds(1);
    world.worker().handle(this::record).start();
    world.advanceSeconds(30);
    assertThat(handled).isEmpty();
    first.pause().subscribe();
    world.advanceSeconds(17);

    assertThat(handled).hasSize(4);
    assertThat(handled).extracting(Message::delivery).containsOnly(1L);
  }

  @Test
  void whatFailsWhilePausedIsGivenBackWithItsBackoffAndCountsGoOn() {
    Sinks.Empty<Void> go = Sinks.empty();
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(60))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(20)).jitter(0))
            .handle(
                message -> {
                  handled.add(message);
                  return message.delivery() == 1
                      ? go.asMono().then(Mono.error(new IllegalStateException()))
                      : Mono.empty();
                })
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    worker.pause().subscribe();
    world.advanceSeconds(1);
    go.tryEmitEmpty();
    world.advanceSeconds(1);

    PendingEntry row = world.pending().get(0);
    assertThat(row.consumer()).isEqualTo("millstream.released");
    assertThat(row.deliveries()).isEqualTo(1);
    assertThat(row.idle()).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(42));
    assertThat(worker.load().held()).isZero();

    worker.resume();
    world.advanceSeconds(10);
    assertThat(handled).hasSize(1); // its backoff goes on
    world.advanceSeconds(30);
    assertThat(handled).extracting(Message::delivery).containsExactly(1L, 2L);
  }

  @Test
  void whatWaitedForItsRetryIsGivenBackToo() {
    Worker worker =
        world
            .worker()
            .retry(RetryPolicy.fixed(Duration.ofSeconds(20)).jitter(0))
            .handle(message -> Mono.error(new IllegalStateException()))
            .start();
    world.publish(3);
    world.advanceSeconds(1);
    assertThat(worker.load().waiting()).isEqualTo(3);
    worker.pause().subscribe();
    world.advanceSeconds(1);

    assertThat(worker.load().held()).isZero();
    assertThat(world.pending())
        .hasSize(3)
        .allSatisfy(row -> assertThat(row.consumer()).isEqualTo("millstream.released"))
        .allSatisfy(row -> assertThat(row.deliveries()).isEqualTo(1));
  }

  @Test
  void aPausedWorkerTakesNothingOver() {
    world.publish(3);
    Worker dead = world.worker(world.server.connect()).handle(message -> Mono.never()).start();
    world.advanceSeconds(1);
    Worker worker =
        world.worker().visibilityTimeout(Duration.ofSeconds(10)).handle(this::record).start();
    worker.pause().subscribe();
    dead.pause().subscribe();
    world.advance(Duration.ofMinutes(5));
    assertThat(handled).isEmpty();
    assertThat(worker.load().held()).isZero();
  }

  @Test
  void pausedBeforeItsStartItBeginsPausedAndCanBeResumed() {
    Worker worker = world.worker().handle(this::record).build();
    AtomicBoolean paused = new AtomicBoolean();
    worker.pause().subscribe(null, null, () -> paused.set(true));
    worker.start();
    world.publish(3);
    world.advanceSeconds(30);
    assertThat(paused).isTrue();
    assertThat(handled).isEmpty();
    assertThat(worker.state()).isEqualTo(WorkerState.PAUSED);

    worker.resume();
    world.advanceSeconds(1);
    assertThat(handled).hasSize(3);
  }

  @Test
  void resumedAtOnceItLosesNothing() {
    Worker worker = world.worker().concurrency(2).readAhead(6).handle(this::record).start();
    world.advanceSeconds(1);
    for (int i = 0; i < 50; i++) {
      world.publish(5);
      worker.pause().subscribe();
      if (i % 3 == 0) {
        world.advance(Duration.ofNanos(1));
      }
      worker.resume();
      world.advance(Duration.ofMillis(i));
    }
    world.advanceSeconds(60);

    assertThat(handled).hasSize(250);
    assertThat(handled).extracting(Message::delivery).containsOnly(1L);
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void pausedWhileRedisIsAwayItIsStillPausedAfterwardsAndHoldsNothing() {
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(4)
            .visibilityTimeout(Duration.ofSeconds(10))
            .handlerTimeout(Duration.ofHours(1))
            .handle(message -> Mono.never())
            .start();
    world.publish(5);
    world.advanceSeconds(1);
    world.server.faults().disconnect();
    worker.pause().subscribe();
    world.advanceSeconds(5);
    world.server.faults().connect();
    world.advanceSeconds(5);

    assertThat(worker.state()).isEqualTo(WorkerState.PAUSED);
    assertThat(worker.load()).isEqualTo(new WorkerLoad(1, 0, 0, 0));
    assertThat(world.pending().stream().filter(row -> row.consumer().equals("millstream.released")))
        .hasSize(4);
  }

  @Test
  void aPausedWorkerStopsAsAnyOther() {
    Worker worker =
        world.worker().concurrency(1).readAhead(4).handle(message -> Mono.never()).start();
    world.publish(5);
    world.advanceSeconds(1);
    worker.pause().subscribe();
    worker.stop().subscribe();
    world.advanceSeconds(30);

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    assertThat(world.pending())
        .hasSize(5)
        .allSatisfy(row -> assertThat(row.consumer()).isEqualTo("millstream.released"));
    assertThat(world.consumers()).doesNotContain(worker.consumer());
    AtomicBoolean paused = new AtomicBoolean();
    worker.pause().subscribe(null, null, () -> paused.set(true));
    assertThat(paused).as("nothing to wait for").isTrue();
  }

  @Test
  void theListenerHearsOfEachChangeOnce() {
    List<String> heard = new ArrayList<>();
    Worker worker =
        world
            .worker()
            .listener((who, before, now) -> heard.add(before + ">" + now))
            .handle(this::record)
            .start();
    world.advanceSeconds(1);
    worker.pause().subscribe();
    world.advanceSeconds(1);
    worker.resume();
    world.advanceSeconds(1);
    world.server.faults().disconnect();
    world.advance(Duration.ofMinutes(5));
    world.server.faults().connect();
    world.advanceSeconds(5);
    worker.stop().subscribe();
    world.advanceSeconds(1);

    assertThat(heard)
        .containsExactly(
            "NEW>STARTING",
            "STARTING>RUNNING",
            "RUNNING>PAUSED",
            "PAUSED>RUNNING",
            "RUNNING>BACKING_OFF",
            "BACKING_OFF>RUNNING",
            "RUNNING>STOPPING",
            "STOPPING>STOPPED");
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    Worker worker =
        world
            .worker()
            .listener(
                (who, before, now) -> {
                  throw new IllegalStateException("the listener's own fault");
                })
            .handle(this::record)
            .start();
    world.publish("one");
    world.advanceSeconds(1);

    assertThat(payloads()).containsExactly("one");
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
  }

  // --- by a guard

  /** The world's time, for a breaker. */
  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return Instant.ofEpochMilli(world.time.now(TimeUnit.MILLISECONDS));
      }
    };
  }

  private CircuitBreaker breaker(int calls, int halfOpen, Duration open) {
    return CircuitBreaker.of(
        "billing",
        CircuitBreakerConfig.custom()
            .clock(clock())
            .slidingWindow(calls, calls, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
            .permittedNumberOfCallsInHalfOpenState(halfOpen)
            .waitDurationInOpenState(open)
            .build());
  }

  @Test
  void anOpenBreakerPausesTheWorkerAndSpendsNoDeliveries() {
    CircuitBreaker breaker = breaker(10, 2, Duration.ofSeconds(60));
    AtomicBoolean down = new AtomicBoolean(true);
    List<String> failed = new ArrayList<>();
    Worker worker =
        world
            .worker()
            .concurrency(4)
            .readAhead(8)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(3))
            .guard(Guards.circuitBreaker(breaker))
            .handle(
                message -> {
                  if (down.get()) {
                    failed.add(message.payload());
                    return Mono.error(new IllegalStateException("down"));
                  }
                  return record(message);
                })
            .start();
    world.publish(100);
    world.advanceSeconds(1);
    assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
    assertThat(worker.state()).isEqualTo(WorkerState.PAUSED);
    assertThat(worker.trouble().orElseThrow()).contains("circuit breaker 'billing' is OPEN");
    int starts = failed.size();
    assertThat(starts).isLessThan(20);
    world.advanceSeconds(50);
    assertThat(failed).as("while it is open nothing starts").hasSize(starts);
    assertThat(worker.load().held()).isZero();
    long spent = world.pending().stream().mapToLong(PendingEntry::deliveries).sum();
    assertThat(spent).as("as many deliveries as starts").isEqualTo(starts);

    down.set(false);
    world.advance(Duration.ofMinutes(5));
    assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
    assertThat(handled).hasSize(100);
    assertThat(world.deadLetters()).isEmpty();
    assertThat(world.pending()).isEmpty();
  }

  @Test
  void theFailureThatOpensTheBreakerPausesTheWorkerThoughNothingElseIsToStart() {
    Worker worker =
        world
            .worker()
            .retry(RetryPolicy.fixed(Duration.ofHours(1)))
            .guard(Guards.circuitBreaker(breaker(1, 1, Duration.ofHours(2))))
            .handle(message -> Mono.error(new IllegalStateException("down")))
            .start();
    world.publish("one");
    world.advance(Duration.ofMillis(1));

    assertThat(worker.state()).isEqualTo(WorkerState.PAUSED);
  }

  @Test
  void aDownstreamThatStaysDownCostsOnlyTheHalfOpenTries() {
    CircuitBreaker breaker = breaker(10, 2, Duration.ofSeconds(60));
    AtomicInteger starts = new AtomicInteger();
    world
        .worker()
        .concurrency(4)
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(1_000))
        .guard(Guards.circuitBreaker(breaker))
        .handle(
            message -> {
              starts.incrementAndGet();
              return Mono.error(new IllegalStateException("down"));
            })
        .start();
    world.publish(100);
    world.advanceSeconds(30);
    int closed = starts.get();
    world.advance(Duration.ofMinutes(10));

    assertThat(starts.get() - closed).as("two tries a minute").isBetween(16, 20);
    assertThat(world.pending().stream().mapToLong(PendingEntry::deliveries).sum())
        .isEqualTo(starts.get());
  }

  @Test
  void aHalfOpenBreakerOnAnEmptyStreamWaitsForTheFirstMessageWithItsPermits() {
    CircuitBreaker breaker = breaker(10, 2, Duration.ofSeconds(60));
    Worker worker =
        world.worker().guard(Guards.circuitBreaker(breaker)).handle(this::record).start();
    world.advanceSeconds(1);
    breaker.transitionToOpenState();
    world.publish("one");
    world.advanceSeconds(1);
    assertThat(worker.state()).isEqualTo(WorkerState.PAUSED);
    world.advanceSeconds(5);
    assertThat(handled).isEmpty();
    assertThat(world.pending().stream().mapToLong(PendingEntry::deliveries).sum()).isZero();
    world.advanceSeconds(120);
    assertThat(payloads()).containsExactly("one");
    assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.HALF_OPEN);

    world.advance(Duration.ofHours(1)); // empty reads take no permit
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
    world.publish("two");
    world.advanceSeconds(1);
    assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    world.publish(20);
    world.advanceSeconds(1);
    assertThat(handled).hasSize(22);
  }

  @Test
  void permitsOfCancelledHandlersAreReturned() {
    CircuitBreaker breaker = breaker(10, 1, Duration.ofSeconds(10));
    breaker.transitionToOpenState();
    Worker worker =
        world
            .worker()
            .drainTimeout(Duration.ofSeconds(1))
            .guard(Guards.circuitBreaker(breaker))
            .handle(message -> Mono.never())
            .start();
    world.publish("one");
    world.advanceSeconds(30);
    assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
    assertThat(breaker.tryAcquirePermission()).as("the one permit is out").isFalse();
    worker.stop().subscribe();
    world.advanceSeconds(5);

    assertThat(breaker.tryAcquirePermission()).as("it is back").isTrue();
  }

  @Test
  void whatAGuardHoldsBackWaitsAndStartsAsItIsLetThrough() {
    AtomicInteger permits = new AtomicInteger(3);
    Guard everyTenSeconds =
        now ->
            permits.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                ? Duration.ZERO
                : Duration.ofMillis(100);
    world.time.schedulePeriodically(permits::incrementAndGet, 10, 10, TimeUnit.SECONDS);
    world.worker().concurrency(8).guard(everyTenSeconds).handle(this::record).start();
    world.publish(10);
    world.advanceSeconds(9);
    assertThat(handled).hasSize(3);
    world.advanceSeconds(31);

    assertThat(handled).hasSize(7);
    assertThat(handled).extracting(Message::delivery).containsOnly(1L);
  }
}
