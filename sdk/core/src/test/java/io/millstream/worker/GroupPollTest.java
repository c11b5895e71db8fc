package io.millstream.worker;

import static io.millstream.worker.World.GROUP;
import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AtomicSteps.TakenOver;
import io.millstream.engine.Engine;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamCommands;
import io.millstream.observe.micrometer.MicrometerObserver;
import io.millstream.policy.RetryPolicy;
import io.millstream.testing.CapturedLogs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What the meters of a group show, on virtual time. */
class GroupPollTest {
  private final World world = new World();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MicrometerObserver observer = new MicrometerObserver(registry);

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  private WorkerBuilder<String> worker() {
    return worker(world.server.connect());
  }

  private WorkerBuilder<String> worker(Engine engine) {
    return world.worker(JOBS, world.process(engine, observer));
  }

  private double gauge(String name) {
    return registry.get(name).tag("stream", JOBS.name()).gauge().value();
  }

  /** An engine, one part of which answers otherwise. */
  @SuppressWarnings("unchecked")
  private static <T> T altered(Class<T> type, T real, BiFunction<String, Object, Object> answer) {
    return (T)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              try {
                return answer.apply(method.getName(), method.invoke(real, args));
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  @Test
  void showsWhatWaitsWhatIsPendingForHowLongAndWhatWasGivenUp() {
    worker()
        .concurrency(1)
        .readAhead(0)
        .retry(RetryPolicy.none())
        .handle(
            message ->
                message.payload().equals("bad")
                    ? Mono.error(new IllegalStateException())
                    : Mono.never())
        .start();
    world.publish("bad");
    world.advanceSeconds(2);
    world.publish("slow");
    world.publish("waits");
    world.publish("waits too");
    world.advanceSeconds(15);

    assertThat(gauge("millstream.group.lag")).isEqualTo(2);
    assertThat(gauge("millstream.group.pending")).isEqualTo(1);
    assertThat(gauge("millstream.group.oldest.pending.age")).isEqualTo(14);
    assertThat(gauge("millstream.group.consumers")).isEqualTo(1);
    assertThat(gauge("millstream.group.dead.letters")).isEqualTo(1);
    assertThat(gauge("millstream.stream.length")).isEqualTo(4);
    assertThat(registry.get("millstream.group.lag").tag("group", GROUP).gauges()).hasSize(1);
  }

  @Test
  void timesTheWayFromTheStreamToTheFirstStartByTheServersClock() {
    AtomicSteps steps =
        altered(
            AtomicSteps.class,
            world.server.connect().steps(),
            (method, answer) ->
                method.equals("takeOver") ? ((Mono<?>) answer).map(this::fiveHoursLater) : answer);
    worker(
            altered(
                Engine.class,
                world.server.connect(),
                (method, answer) -> method.equals("steps") ? steps : answer))
        .concurrency(1)
        .readAhead(0)
        .retry(RetryPolicy.fixed(Duration.ofSeconds(100)).maxDeliveries(2))
        .handle(
            message ->
                Mono.delay(Duration.ofSeconds(3), world.time)
                    .then(Mono.error(new IllegalStateException())))
        .start();
    world.advanceSeconds(2);
    world.publish("at once");
    world.publish("waits for three seconds");
    world.advanceSeconds(300);

    Timer timer = registry.get("millstream.delivery.latency").tag("group", GROUP).timer();
    assertThat(timer.count()).isEqualTo(2);
    assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(2 * 5 * 3600 + 3);
  }

  private TakenOver fiveHoursLater(Object answer) {
    TakenOver page = (TakenOver) answer;
    return new TakenOver(
        page.cursor(), page.taken(), page.serverTime().plusSeconds(5 * 3600), page.refused());
  }

  @Test
  void asksOnceForAGroupHoweverManyWorkersItHasAndNoMoreWhenTheyStop() {
    AtomicInteger asked = new AtomicInteger();
    Engine real = world.server.connect();
    StreamCommands streams =
        altered(
            StreamCommands.class,
            real.streams(),
            (method, answer) -> {
              if (method.equals("length")) {
                asked.incrementAndGet();
              }
              return answer;
            });
    WorkerEnvironment process =
        world.process(
            altered(
                Engine.class,
                real,
                (method, answer) -> method.equals("streams") ? streams : answer),
            observer);
    Worker one = world.worker(JOBS, process).handle(message -> Mono.empty()).start();
    Worker two = world.worker(JOBS, process).handle(message -> Mono.empty()).start();
    world.advanceSeconds(2);
    assertThat(asked).hasValue(2); // of the stream and of the dead letters
    world.advanceSeconds(60);
    assertThat(asked).hasValue(2 * 5);

    one.stop();
    world.advanceSeconds(30);
    assertThat(gauge("millstream.group.pending")).isEqualTo(0);

    two.stop();
    world.advanceSeconds(30);
    int atTheEnd = asked.get();
    world.advanceSeconds(120);

    assertThat(asked).hasValue(atTheEnd);
    assertThat(registry.getMeters())
        .isNotEmpty()
        .noneMatch(meter -> meter.getId().getName().startsWith("millstream.group"))
        .noneMatch(meter -> meter.getId().getName().startsWith("millstream.stream"));

    world.worker(JOBS, process).handle(message -> Mono.empty()).start();
    world.advanceSeconds(2);
    assertThat(gauge("millstream.group.consumers")).isEqualTo(1);
  }

  @Test
  void knowsNothingAndSaysNothingWhileRedisIsAway() {
    worker().handle(message -> Mono.empty()).start();
    world.advanceSeconds(20);
    assertThat(gauge("millstream.stream.length")).isEqualTo(0);

    try (CapturedLogs logs = CapturedLogs.of("io.millstream", Level.INFO);
        CapturedLogs reactors = CapturedLogs.of("reactor", Level.INFO)) {
      world.server.faults().disconnect();
      world.advanceSeconds(120);

      assertThat(gauge("millstream.stream.length")).isNaN();
      assertThat(gauge("millstream.group.lag")).isNaN();
      assertThat(gauge("millstream.group.oldest.pending.age")).isNaN();
      assertThat(logs.all()).allMatch(line -> line.contains("connection")); // the worker's
      assertThat(reactors.all()).isEmpty();
    }
    world.server.faults().connect();
    world.publish("one");
    world.advanceSeconds(20);

    assertThat(gauge("millstream.stream.length")).isEqualTo(1);
  }

  @Test
  void saysOnceThatItMayNotLook() {
    world
        .server
        .faults()
        .failNext("XLEN", 20, new RedisException("NOPERM", "NOPERM no rights to run 'xlen'"));
    try (CapturedLogs logs = CapturedLogs.of("io.millstream", Level.INFO)) {
      worker().handle(message -> Mono.empty()).start();
      world.advanceSeconds(60);

      assertThat(logs.messages(Level.WARN))
          .containsExactly(
              "jobs/workers: the meters of the group stay empty: NOPERM no rights to run 'xlen'");
      assertThat(gauge("millstream.group.lag")).isNaN();
    }
  }

  @Test
  void asksNothingWithoutMeters() {
    Gauge nobody = registry.find("millstream.group.lag").gauge();
    world.worker().handle(message -> Mono.empty()).start();
    world
        .server
        .faults()
        .failNext("XLEN", 1, new RedisException("ERR", "ERR would be met by the first look"));
    world.advanceSeconds(120);

    assertThat(nobody).isNull();
    assertThatThrownBy(() -> world.admin.streams().length(JOBS.name()).block())
        .as("the fault is still there")
        .isInstanceOf(RedisException.class);
  }
}
