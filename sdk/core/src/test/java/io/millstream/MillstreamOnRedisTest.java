package io.millstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.millstream.codec.MessageStream;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.PendingSummary;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.entry.EntryId;
import io.millstream.message.Message;
import io.millstream.observe.Observer;
import io.millstream.policy.RetryPolicy;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The whole library on a real server. */
@Tag("redis")
class MillstreamOnRedisTest {
  private static final String GROUP = "workers";

  private final MessageStream<String> jobs = MessageStream.string(TestRedis.key());
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <C extends AutoCloseable> C closing(C resource) {
    open.add(resource);
    return resource;
  }

  private Millstream millstream() {
    return closing(Millstream.connect(TestRedis.uri()));
  }

  private long pending(Millstream millstream) {
    PendingSummary summary =
        Objects.requireNonNull(millstream.engine().groups().pending(jobs.name(), GROUP).block());
    return summary.count();
  }

  private List<EntryId> publish(Millstream millstream, int count) {
    return Objects.requireNonNull(
        millstream
            .publisher(jobs)
            .publishAll(Flux.range(0, count).map(i -> "job-" + i))
            .collectList()
            .block());
  }

  @Test
  void publishesRightAfterConnectingAndHandlesTheMomentItArrives() {
    Millstream millstream = millstream();
    List<String> handled = new CopyOnWriteArrayList<>();
    millstream.publisher(jobs).publish("first").block();
    Worker worker =
        millstream
            .worker(jobs, GROUP)
            .handle(
                message -> {
                  handled.add(message.payload());
                  return Mono.empty();
                })
            .start();
    await().until(() -> handled.size() == 1);
    millstream.publisher(jobs).publish("second").block();
    await().atMost(Duration.ofSeconds(2)).until(() -> handled.size() == 2); // BLOCK is 5 s

    await().until(() -> pending(millstream) == 0);
    assertThat(handled).containsExactly("first", "second");
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
  }

  @Test
  void severalWorkersInOneMillstreamShareAStreamAndEveryMessageIsHandledOnce() {
    Millstream millstream = millstream();
    Map<EntryId, AtomicInteger> handled = new ConcurrentHashMap<>();
    Set<String> active = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 3; i++) {
      String name = "worker-" + i;
      millstream
          .worker(jobs, GROUP)
          .consumer(name)
          .concurrency(4)
          .handle(
              message -> {
                active.add(name);
                handled.computeIfAbsent(message.id(), id -> new AtomicInteger()).incrementAndGet();
                return Mono.delay(Duration.ofMillis(5));
              })
          .start();
    }
    List<EntryId> ids = publish(millstream, 500);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> handled.size() == 500 && pending(millstream) == 0);

    assertThat(handled.keySet()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(handled.values()).allSatisfy(count -> assertThat(count).hasValue(1));
    assertThat(active).hasSize(3);
  }

  @Test
  void fivePercentThatFailWithLongBackoffsDoNotSlowTheOthers() {
    Millstream millstream = millstream();
    Set<EntryId> handled = ConcurrentHashMap.newKeySet();
    millstream
        .worker(jobs, GROUP)
        .concurrency(4)
        .retry(RetryPolicy.fixed(Duration.ofMinutes(10)))
        .handle(
            message -> {
              if (Integer.parseInt(message.payload().substring(4)) % 20 == 0) {
                return Mono.error(new IllegalStateException("for a while"));
              }
              handled.add(message.id());
              return Mono.empty();
            })
        .start();
    publish(millstream, 2000);
    await().atMost(Duration.ofSeconds(20)).until(() -> handled.size() == 1900);
    await().until(() -> pending(millstream) == 100);
  }

  @Test
  void whatWasAbandonedIsTakenUpWithinTheVisibilityTimeoutAndARoundWhileNewMessagesNeverStop() {
    Millstream millstream = millstream();
    Map<String, Message<String>> handled = new ConcurrentHashMap<>();
    millstream
        .worker(jobs, GROUP)
        .concurrency(2)
        .visibilityTimeout(Duration.ofSeconds(2))
        .handle(
            message ->
                Mono.delay(Duration.ofMillis(5))
                    .doOnNext(tick -> handled.put(message.payload(), message)))
        .start()
        .whenRunning()
        .block(Duration.ofSeconds(10));
    // more than it can handle, for ever: there is always something new to read
    AtomicInteger number = new AtomicInteger();
    Disposable endless =
        Flux.interval(Duration.ofMillis(1))
            .onBackpressureDrop()
            .concatMap(
                tick -> millstream.publisher(jobs).publish("fresh-" + number.incrementAndGet()))
            .subscribe();
    open.add(endless::dispose);
    await().until(() -> handled.size() > 20);

    // a consumer that dies after its read: read from a group of its own making is not possible, so
    // it
    // takes what the group has next until it has one, and never acknowledges it
    Reader dying = Objects.requireNonNull(millstream.engine().openReader().block());
    long abandonedAt = System.nanoTime();
    EntryId abandoned =
        Objects.requireNonNull(
                dying
                    .read(ReadArgs.fresh(jobs.name(), GROUP, "dead", 1, Duration.ofSeconds(5)))
                    .block())
            .get(0)
            .entries()
            .get(0)
            .id();
    dying.close().block();
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> handled.values().stream().anyMatch(m -> m.id().equals(abandoned)));
    Duration took = Duration.ofNanos(System.nanoTime() - abandonedAt);

    assertThat(handled.values().stream().filter(m -> m.id().equals(abandoned)).findFirst())
        .get()
        .satisfies(message -> assertThat(message.delivery()).isEqualTo(2));
    // 2 s of visibility and a round of 0.5 s with its jitter; the rest is the machine's
    assertThat(took).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2525 + 1000));
    System.out.printf(
        "abandoned entry taken up after %d ms (visibility timeout 2000, round 500), %d new messages meanwhile%n",
        took.toMillis(), number.get());
  }

  @Test
  void aBlockingHandlerThatHangsStopsNeitherTheOthersNorAcknowledgements() {
    Millstream millstream = millstream();
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    Set<EntryId> handled = ConcurrentHashMap.newKeySet();
    Worker worker =
        millstream
            .worker(jobs, GROUP)
            .concurrency(2)
            .drainTimeout(Duration.ofMillis(200))
            .handleBlocking(
                message -> {
                  if (message.payload().equals("job-0")) {
                    try {
                      never.await();
                    } catch (InterruptedException e) {
                      interrupted.incrementAndGet();
                      throw e;
                    }
                  }
                  handled.add(message.id());
                })
            .start();
    publish(millstream, 200);
    await().until(() -> handled.size() == 199 && pending(millstream) == 1);

    worker.close();
    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    assertThat(interrupted).hasValue(1);
    assertThat(
            Objects.requireNonNull(
                millstream.engine().groups().infoConsumers(jobs.name(), GROUP).block()))
        .extracting(io.millstream.engine.ConsumerInfo::name)
        .containsExactly("millstream.released");
  }

  @Test
  void worksOnAUsersOwnClientWithAShortCommandTimeoutAndLeavesItAlone() {
    RedisClient client = closing(RedisClient.create(TestRedis.uri()));
    ClientOptions options =
        ClientOptions.builder()
            .timeoutOptions(TimeoutOptions.enabled(Duration.ofSeconds(1)))
            .build();
    client.setOptions(options);
    List<String> handled = new CopyOnWriteArrayList<>();
    try (Millstream millstream = Millstream.using(client)) {
      Worker worker =
          millstream
              .worker(jobs, GROUP)
              .handle(
                  message -> {
                    handled.add(message.payload());
                    return Mono.empty();
                  })
              .start();
      worker.whenRunning().block(Duration.ofSeconds(10));
      // longer than the client's timeout, while a read waits at the server
      await().during(Duration.ofSeconds(2)).until(() -> worker.state() == WorkerState.RUNNING);
      millstream.publisher(jobs).publish("late").block();
      await().until(() -> handled.size() == 1);
    }

    assertThat(client.getOptions()).isSameAs(options);
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      assertThat(connection.sync().ping()).isEqualTo("PONG");
    }
  }

  @Test
  void worksOnWithTheClientThatTakesAnothersPlace() {
    RedisClient first = closing(RedisClient.create(TestRedis.uri()));
    AtomicReference<RedisClient> client = new AtomicReference<>(first);
    List<String> handled = new CopyOnWriteArrayList<>();
    Millstream millstream = closing(Millstream.using(client::get, Observer.NONE));
    Worker worker =
        millstream.worker(jobs, GROUP).handleBlocking(m -> handled.add(m.payload())).start();
    worker.whenRunning().block(Duration.ofSeconds(10));

    first.shutdown();
    await().until(() -> worker.state() == WorkerState.BACKING_OFF);
    client.set(closing(RedisClient.create(TestRedis.uri())));

    await().until(() -> worker.state() == WorkerState.RUNNING);
    millstream.publisher(jobs).publish("a").block(Duration.ofSeconds(10));
    await().untilAsserted(() -> assertThat(handled).containsExactly("a"));
  }

  @Test
  void aServerThatIsNotThereAtTheStartIsWaitedFor() {
    OwnRedis redis = closing(TestRedis.startOwn());
    redis.kill();
    Millstream millstream = closing(Millstream.connect(redis.uri()));
    List<String> handled = new CopyOnWriteArrayList<>();
    Worker worker =
        millstream
            .worker(jobs, GROUP)
            .handle(
                message -> {
                  handled.add(message.payload());
                  return Mono.empty();
                })
            .start();
    await().until(() -> worker.state() == WorkerState.BACKING_OFF);
    assertThat(worker.trouble()).isPresent();
    assertThatThrownBy(() -> millstream.publisher(jobs).publish("lost").block())
        .isInstanceOf(io.millstream.engine.RedisException.class);

    redis.restart();
    await().atMost(Duration.ofSeconds(30)).until(() -> worker.state() == WorkerState.RUNNING);
    millstream.publisher(jobs).publish("one").block();
    await().until(() -> handled.size() == 1);
  }

  @Test
  void aWrongPasswordIsSaidClearlyWithoutTheSecretAndWithoutAHotLoop() {
    OwnRedis redis = closing(TestRedis.startOwn("--requirepass", "right-secret"));
    Millstream millstream =
        closing(Millstream.connect("redis://:wrong-secret@127.0.0.1:" + redis.port()));
    Worker worker = millstream.worker(jobs, GROUP).handle(message -> Mono.empty()).start();
    await().until(() -> worker.state() == WorkerState.BACKING_OFF);

    assertThat(worker.trouble().orElseThrow()).contains("WRONGPASS").doesNotContain("secret");
    assertThat(worker.toString() + millstream).doesNotContain("secret");
  }

  @Test
  void aUserWithoutRightsIsToldSoWithoutAHotLoop() {
    OwnRedis redis = closing(TestRedis.startOwn());
    RespConnection admin = closing(redis.connect());
    admin.call("ACL", "SETUSER", "limited", "on", ">pw", "~*", "+@connection", "+client");
    Millstream millstream =
        closing(Millstream.connect("redis://limited:pw@127.0.0.1:" + redis.port()));
    Worker worker = millstream.worker(jobs, GROUP).handle(message -> Mono.empty()).start();
    await().until(() -> worker.state() == WorkerState.BACKING_OFF);

    assertThat(worker.trouble().orElseThrow()).contains("NOPERM");
    long before = commands(admin);
    await().during(Duration.ofSeconds(2)).until(() -> true);
    assertThat(commands(admin) - before).isLessThan(40);
  }

  @Test
  void aKeyOfAnotherTypeIsSaidClearlyAndTheWorkerGoesOnWhenItIsGone() {
    Millstream millstream = millstream();
    RespConnection admin = closing(TestRedis.connect());
    admin.call("SET", jobs.name(), "not a stream");
    List<String> handled = new CopyOnWriteArrayList<>();
    Worker worker =
        millstream
            .worker(jobs, GROUP)
            .handle(
                message -> {
                  handled.add(message.payload());
                  return Mono.empty();
                })
            .start();
    await().until(() -> worker.state() == WorkerState.BACKING_OFF);
    assertThat(worker.trouble().orElseThrow()).contains("WRONGTYPE");

    admin.call("DEL", jobs.name());
    await().atMost(Duration.ofSeconds(30)).until(() -> worker.state() == WorkerState.RUNNING);
    millstream.publisher(jobs).publish("one").block();
    await().until(() -> handled.size() == 1);
  }

  @Test
  void aMalformedUriFailsAtOnceInOneLine() {
    assertThatThrownBy(() -> Millstream.connect("localhost:6379"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("uri: ")
        .hasMessageContaining("redis://");
    assertThatThrownBy(() -> Millstream.connect("redis://:secret@host:notaport"))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .startsWith("uri: ")
        .doesNotContain("secret")
        .doesNotContain("\n");
  }

  @Test
  void whatAStoppedWorkerGaveBackIsHandledByAnotherWithoutWaitingForAVisibilityTimeout() {
    Millstream millstream = millstream();
    millstream.engine().groups().create(jobs.name(), GROUP, CreateArgs.from("0")).block();
    List<EntryId> ids = publish(millstream, 20);
    Worker first =
        millstream
            .worker(jobs, GROUP)
            .concurrency(5)
            .drainTimeout(Duration.ofMillis(100))
            .handle(message -> Mono.never())
            .start();
    await().until(() -> first.load().running() == 5);
    first.close();
    assertThat(pending(millstream)).isEqualTo(10); // 5 running, 5 read ahead

    Map<EntryId, Long> handled = new ConcurrentHashMap<>();
    millstream
        .worker(jobs, GROUP)
        .handle(
            message -> {
              handled.put(message.id(), message.delivery());
              return Mono.empty();
            })
        .start();
    // the visibility timeout is 60 s
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> handled.size() == 20 && pending(millstream) == 0);
    assertThat(handled.values().stream().filter(delivery -> delivery == 2)).hasSize(5);
    assertThat(handled.keySet()).containsExactlyInAnyOrderElementsOf(ids);
  }

  private static long commands(RespConnection admin) {
    String stats = admin.text("INFO", "stats");
    return stats
        .lines()
        .filter(line -> line.startsWith("total_commands_processed:"))
        .map(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
        .findFirst()
        .orElseThrow();
  }
}
