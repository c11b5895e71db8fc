package io.millstream.engine.lettuce;

import static io.millstream.engine.lettuce.Engines.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.message.Message;
import io.millstream.observe.Observer;
import io.millstream.observe.micrometer.MicrometerObserver;
import io.millstream.policy.RetryPolicy;
import io.millstream.testing.AclLines;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.worker.GroupStart;
import io.millstream.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * The smallest users of docs/operations.md: they lack nothing, and have nothing too much. Its tests
 * run side by side, each on a server of its own, because they mostly wait.
 */
@Tag("redis")
class AclTest {
  private static final String STREAM = "order:events";
  private static final String GROUP = "workers";
  private static final String DEAD_LETTERS = "{order:events}:workers:dlq";
  private static final String NUDGES = "{order:events}:workers:nudge";
  private static final MessageStream<String> EVENTS = MessageStream.string(STREAM);

  private final List<Millstream> open = new ArrayList<>();
  private final List<String> handled = new CopyOnWriteArrayList<>();
  private OwnRedis redis;
  private RespConnection admin;

  /** The server refused something. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(List<String> what) {
      super(what.toString());
    }
  }

  @BeforeEach
  void start() {
    redis = TestRedis.startOwn();
    admin = redis.connect();
  }

  @AfterEach
  void stop() {
    open.forEach(Millstream::close);
    admin.close();
    redis.close();
  }

  private Millstream connect(String user) {
    return connect(user, Observer.NONE);
  }

  private Millstream connect(String user, Observer observer) {
    Millstream millstream =
        Millstream.connect(
            redis.uri().replace("//", "//" + user + ":" + AclLines.PASSWORD + "@"), observer);
    open.add(millstream);
    return millstream;
  }

  /** What was refused: commands, keys or channels, each as the server names it. */
  private List<String> refused() {
    return admin.list("ACL", "LOG").stream()
        .map(row -> (List<?>) row)
        .map(row -> String.valueOf(row.get(row.indexOf("object") + 1)))
        .toList();
  }

  private void until(String what, Callable<Boolean> condition) {
    await(what).atMost(PATIENCE).until(() -> !refused().isEmpty() || condition.call());
    failIfRefused();
  }

  private void failIfRefused() {
    if (!refused().isEmpty()) {
      throw new Refused(refused());
    }
  }

  private Mono<Void> handle(Message<String> message) {
    boolean firstAgain = message.payload().equals("again") && message.delivery() == 1;
    if (firstAgain || message.payload().equals("bad")) {
      return Mono.error(new IllegalStateException("cannot"));
    }
    handled.add(message.payload());
    return message.payload().equals("slow") && handled.indexOf("slow") == handled.size() - 1
        ? Mono.never()
        : Mono.empty();
  }

  private Worker startWorker(Millstream millstream, String consumer) {
    return millstream
        .worker(EVENTS, GROUP)
        .consumer(consumer)
        .startAt(GroupStart.end())
        .nudge(true)
        .visibilityTimeout(Duration.ofSeconds(1))
        .drainTimeout(Duration.ofMillis(100))
        .retry(RetryPolicy.exponential(Duration.ofMillis(10)).maxDeliveries(2))
        .handle(this::handle)
        .start();
  }

  /** All that a worker does in its life. */
  private void live() {
    admin.call("XGROUP", "CREATE", STREAM, GROUP, "0", "MKSTREAM");
    admin.call("XADD", STREAM, "*", "payload", "of a worker that died");
    admin.call("XREADGROUP", "GROUP", GROUP, "dead", "STREAMS", STREAM, ">");

    Worker alice = startWorker(connect("worker"), "alice");
    publish("fine", "again", "bad");
    until("handled", () -> handled.containsAll(List.of("fine", "again")));
    until("dead-lettered", () -> Long.valueOf(1).equals(admin.call("XLEN", DEAD_LETTERS)));
    until("taken over", () -> handled.contains("of a worker that died"));

    publish("slow");
    until("begun", () -> handled.contains("slow"));
    admin.call("XGROUP", "DELCONSUMER", STREAM, GROUP, "alice");
    until("put back", () -> pending("alice").size() == 1);

    Worker bob = startWorker(connect("worker"), "bob");
    until("both listen", () -> admin.list("PUBSUB", "NUMSUB", NUDGES).equals(List.of(NUDGES, 2L)));
    alice.stop().block(PATIENCE);
    until("taken from alice", () -> handled.indexOf("slow") < handled.lastIndexOf("slow"));
    until("nothing is left", () -> pending().isEmpty());
    assertThat(admin.list("XINFO", "CONSUMERS", STREAM, GROUP).toString()).doesNotContain("alice");
    bob.stop().block(PATIENCE);
    failIfRefused();
  }

  private List<?> pending(String... consumer) {
    List<String> command = new ArrayList<>(List.of("XPENDING", STREAM, GROUP, "-", "+", "10"));
    command.addAll(Arrays.asList(consumer));
    return admin.list(command.toArray(new String[0]));
  }

  private void publish(String... payloads) {
    for (String payload : payloads) {
      admin.call("XADD", STREAM, "*", "payload", payload);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void theWorkersUserMayDoAllThatAWorkerDoes() {
    AclLines.apply(admin, AclLines.of("worker"));
    live();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void theMetersOfAGroupNeedOneRightMore() {
    AclLines.apply(admin, AclLines.of("worker"));
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    startWorker(
        connect(
            "worker",
            MicrometerObserver.builder()
                .meters(registry)
                .groupsEvery(Duration.ofSeconds(1))
                .build()),
        "alice");
    Supplier<Double> pending =
        () -> {
          Gauge gauge = registry.find("millstream.group.pending").gauge();
          return gauge == null ? -1 : gauge.value();
        };
    await().atMost(PATIENCE).until(() -> pending.get().isNaN());
    assertThat(refused()).containsOnly("xlen");

    AclLines.apply(admin, AclLines.block("worker meters"));
    await().atMost(PATIENCE).until(() -> pending.get() == 0);
    assertThat(refused()).containsOnly("xlen"); // still those of before
  }

  static Stream<String> workersCommands() {
    return commands("worker");
  }

  static Stream<String> publishersCommands() {
    return commands("publisher");
  }

  private static Stream<String> commands(String user) {
    return AclLines.of(user).stream()
        .flatMap(line -> Arrays.stream(line.split(" ")))
        .map(word -> word.replace("(", ""))
        .filter(word -> word.startsWith("+"));
  }

  /** The lines without a command. */
  private static List<String> without(String command, String user) {
    return AclLines.of(user).stream()
        .map(line -> line.replaceAll("(?<=[ (])\\Q" + command + "\\E(?= |$)", ""))
        .map(line -> line.replace("( ", "(").replaceAll(" +", " ").strip())
        .filter(line -> line.split(" ").length > 3)
        .toList();
  }

  private void assertRefused(String command, List<String> refused) {
    // 6.2 names the command without its subcommand
    String name = command.substring(1);
    assertThat(refused)
        .as("%s", refused)
        .containsAnyOf(name, name.replaceFirst("\\|.*", ""), DEAD_LETTERS, STREAM);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("workersCommands")
  void aWorkerNeedsEachOfItsCommands(String command) {
    AclLines.apply(admin, without(command, "worker"));
    try {
      live();
    } catch (Refused e) {
      assertRefused(command, refused());
      return;
    }
    throw new AssertionError("nobody missed " + command);
  }

  private void publishAndComeBack() {
    Millstream publisher = connect("publisher");
    publisher.publisher(EVENTS).publish("first").block(PATIENCE);
    admin.call("CLIENT", "KILL", "TYPE", "normal");
    until(
        "publishes again",
        () ->
            Boolean.TRUE.equals(
                publisher
                    .publisher(EVENTS)
                    .publish("second")
                    .thenReturn(true)
                    .onErrorReturn(false)
                    .block(PATIENCE)));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void thePublishersUserMayPublishAndComeBackAfterALostConnection() {
    AclLines.apply(admin, AclLines.of("publisher"));
    publishAndComeBack();
    assertThat(admin.call("XLEN", STREAM)).isEqualTo(2L);
    assertThat(refused()).isEmpty();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("publishersCommands")
  void aPublisherNeedsEachOfItsCommands(String command) {
    AclLines.apply(admin, without(command, "publisher"));
    try {
      publishAndComeBack();
    } catch (Refused | io.millstream.engine.RedisException e) {
      assertRefused(command, refused());
      return;
    }
    throw new AssertionError("nobody missed " + command);
  }
}
