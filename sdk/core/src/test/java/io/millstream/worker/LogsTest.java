package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.millstream.codec.MessageStream;
import io.millstream.entry.EntryId;
import io.millstream.guard.Guard;
import io.millstream.policy.RetryPolicy;
import io.millstream.testing.CapturedLogs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import reactor.core.publisher.Mono;

/** What a worker logs, and what its blocking handlers log with. */
class LogsTest {
  private static final String SECRET = "4111-1111-1111-1111";
  private static final String WHO = "jobs/workers/me: ";

  private final World world = new World();
  private final CapturedLogs logs = CapturedLogs.of("io.millstream", Level.TRACE);

  @AfterEach
  void close() {
    logs.close();
    MDC.clear();
    assertThat(world.time.errors()).isEmpty();
  }

  private WorkerBuilder<String> worker() {
    return world.worker().consumer("me");
  }

  @Test
  void eachChangeOfAWorkerIsOneLineThatNamesIt() {
    Worker worker = worker().handle(message -> Mono.empty()).start();
    world.advanceSeconds(1);
    worker.pause();
    world.advanceSeconds(1);
    worker.resume();
    world.advanceSeconds(1);
    world.server.faults().disconnect();
    world.advanceSeconds(10);
    world.server.faults().connect();
    world.advanceSeconds(10);
    worker.stop();
    world.advanceSeconds(1);

    assertThat(logs.messages(Level.INFO))
        .filteredOn(line -> !line.contains("works again"))
        .containsExactly(
            WHO + "running",
            WHO + "pausing, by hand",
            WHO + "resuming, by hand",
            WHO + "stopping",
            WHO + "stopped");
    assertThat(logs.messages(Level.INFO))
        .filteredOn(line -> line.contains("works again"))
        .hasSize(1)
        .allMatch(line -> line.startsWith(WHO));
    assertThat(logs.messages(Level.WARN)).hasSize(1).allMatch(line -> line.startsWith(WHO));
  }

  @Test
  void aGuardThatPausesSaysWhy() {
    AtomicBoolean open = new AtomicBoolean();
    worker()
        .guard(
            new Guard() {
              @Override
              public Duration tryAcquire(long nowNanos) {
                return open.get() ? Duration.ofSeconds(1) : Duration.ZERO;
              }

              @Override
              public Optional<String> refusal() {
                return open.get() ? Optional.of("the breaker is open") : Optional.empty();
              }
            })
        .handle(message -> Mono.empty())
        .start();
    world.advanceSeconds(1);
    open.set(true);
    world.publish("one");
    world.advanceSeconds(5);
    open.set(false);
    world.advanceSeconds(5);

    assertThat(logs.messages(Level.INFO))
        .containsExactly(
            WHO + "running",
            WHO + "pausing, the breaker is open",
            WHO + "resuming, the guard lets through again");
  }

  @Test
  void aWorkerThatCanTakeNoMoreSaysSoAndWhenItCanAgain() {
    AtomicBoolean works = new AtomicBoolean();
    worker()
        .maxWaiting(4)
        .concurrency(1)
        .readAhead(0)
        .retry(RetryPolicy.fixed(Duration.ofSeconds(30)))
        .handle(message -> works.get() ? Mono.empty() : Mono.error(new IllegalStateException()))
        .start();
    world.publish(6);
    world.advanceSeconds(10);
    works.set(true);
    world.advanceSeconds(60);

    assertThat(logs.messages(Level.WARN))
        .containsExactly(WHO + "reads no more, 4 messages wait for their retry");
    assertThat(logs.messages(Level.INFO))
        .contains(WHO + "reads again, 3 messages wait for their retry");
  }

  @Test
  void whatBecomesOfAMessageIsSaidWithItsId() {
    worker()
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(2))
        .handle(message -> Mono.error(new IllegalStateException("no")))
        .start();
    EntryId id = world.publish("one");
    world.advanceSeconds(10);

    assertThat(logs.messages(Level.DEBUG))
        .contains(WHO + "delivery 1 of " + id + " failed", WHO + "delivery 2 of " + id + " failed");
    assertThat(logs.messages(Level.WARN))
        .containsExactly(WHO + "dead-lettering " + id + " after delivery 2: deliveries spent");
  }

  @Test
  void noPayloadAndNoHeaderIsEverLogged() {
    MessageStream<Integer> numbers = MessageStream.json(JOBS.name(), Integer.class);
    world
        .worker(numbers, world.server.connect())
        .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(2))
        .handle(message -> Mono.error(new IllegalStateException("no")))
        .start();
    world.publish("\"" + SECRET + "\"");
    world.publish(SECRET.replace("-", ""));
    world.publish("7");
    world.advanceSeconds(1);
    world.server.faults().disconnect();
    world.advanceSeconds(60);
    world.server.faults().connect();
    world.advanceSeconds(60);

    assertThat(world.deadLetters()).hasSize(3);
    assertThat(logs.all())
        .isNotEmpty()
        .noneMatch(line -> line.contains(SECRET))
        .noneMatch(line -> line.contains(SECRET.replace("-", "")));
  }

  @Test
  void aBlockingHandlerFindsTheNamesInItsMdcAndTheThreadGetsItsOwnBack() {
    List<Map<String, String>> inside = new ArrayList<>();
    worker()
        .retry(RetryPolicy.none())
        .handleBlocking(
            message -> {
              inside.add(new HashMap<>(MDC.getCopyOfContextMap()));
              if (message.payload().equals("bad")) {
                throw new IllegalStateException();
              }
            })
        .start();
    MDC.put("millstream.id", "of somebody else");
    MDC.put("tenant", "7");
    EntryId good = world.publish("good");
    EntryId bad = world.publish("bad");
    world.advanceSeconds(1);

    assertThat(inside)
        .containsExactly(
            Map.of(
                "tenant",
                "7",
                "millstream.stream",
                JOBS.name(),
                "millstream.group",
                GROUP,
                "millstream.consumer",
                "me",
                "millstream.id",
                good.toString()),
            Map.of(
                "tenant",
                "7",
                "millstream.stream",
                JOBS.name(),
                "millstream.group",
                GROUP,
                "millstream.consumer",
                "me",
                "millstream.id",
                bad.toString()));
    assertThat(MDC.getCopyOfContextMap())
        .isEqualTo(Map.of("millstream.id", "of somebody else", "tenant", "7"));
  }
}
