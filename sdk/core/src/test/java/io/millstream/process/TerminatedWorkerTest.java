package io.millstream.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.AtomicSteps;
import io.millstream.entry.EntryId;
import io.millstream.process.WorkerProcess.Option;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** SIGTERM in the midst of work, to a JVM with a hook that closes its Millstream. */
@Tag("trouble")
class TerminatedWorkerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int VISIBILITY = 8_000;
  private static final int BACKOFF = 6_000;

  private static OwnRedis redis;

  private final String stream = TestRedis.key();
  private final Map<EntryId, String> published = new LinkedHashMap<>();

  @BeforeAll
  static void startServer() {
    redis = TestRedis.startOwn();
  }

  @AfterAll
  static void stopServer() {
    redis.close();
  }

  /** A row of the pending entries list. */
  private record Row(EntryId id, String consumer, long idle, long count) {}

  private static List<Row> rows(RespConnection admin, String stream) {
    return admin.list("XPENDING", stream, WorkerProcess.GROUP, "-", "+", "1000").stream()
        .map(row -> (List<?>) row)
        .map(
            row ->
                new Row(
                    EntryId.parse((String) row.get(0)),
                    (String) row.get(1),
                    (Long) row.get(2),
                    (Long) row.get(3)))
        .toList();
  }

  private static List<String> consumers(RespConnection admin, String stream) {
    return admin.list("XINFO", "CONSUMERS", stream, WorkerProcess.GROUP).stream()
        .map(row -> (String) ((List<?>) row).get(1))
        .toList();
  }

  private void publish(RespConnection admin, String kind, int count) {
    for (int i = 0; i < count; i++) {
      String payload = kind + "-" + i;
      published.put(EntryId.parse(admin.text("XADD", stream, "*", "payload", payload)), payload);
    }
  }

  private ChildWorker child(String uri) {
    return new ChildWorker(
        uri,
        stream,
        6,
        5,
        Map.of(
            Option.WORK,
            300,
            Option.VISIBILITY,
            VISIBILITY,
            Option.BACKOFF,
            BACKOFF,
            Option.DRAIN,
            1_500,
            Option.BLOCK,
            2_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"+@all", "+@all -client|unblock"})
  void nothingOfItsOwnRemainsUnderItsNameAndCountsAreAsPromised(String rights) throws Exception {
    try (RespConnection admin = redis.connect()) {
      String[] words = ("ACL SETUSER able reset on >pw ~* &* " + rights).split(" ", -1);
      admin.call(words);
      publish(admin, "fails", 2);
      publish(admin, "hangs", 2);
      publish(admin, "job", 200);
      try (ChildWorker worker = child(redis.uri().replace("//", "//able:pw@"))) {
        await().atMost(PATIENCE).until(() -> worker.done().size() >= 12);
        worker.terminate();
        assertThat(worker.exit()).as("exit status of SIGTERM").isEqualTo(143);
        checkWhatRemains(admin, worker);
      }
      long ended = System.nanoTime();
      Duration backoff =
          Duration.ofMillis(
              VISIBILITY - rows(admin, stream).stream().mapToLong(Row::idle).min().orElseThrow());
      Map<EntryId, Long> deliveries = handleTheRest(admin);
      Duration took = Duration.ofNanos(System.nanoTime() - ended);
      System.out.printf(
          "shutdown (%s): all of it handled %d ms after the end of its worker, of which %d ms were"
              + " a retry's backoff%n",
          rights, took.toMillis(), backoff.toMillis());
      // the backoff, a reaper period, and what a busy machine needs to connect and to handle; a
      // visibility timeout more would be four periods
      assertThat(took).isLessThan(backoff.plusMillis(VISIBILITY / 4 + VISIBILITY / 2));
      published.forEach(
          (id, payload) -> {
            if (!payload.startsWith("job")) {
              assertThat(deliveries.get(id)).as(payload).isEqualTo(2L);
            }
          });
      assertThat(
              deliveries.entrySet().stream()
                  .filter(each -> String.valueOf(published.get(each.getKey())).startsWith("job"))
                  .map(Map.Entry::getValue))
          .as("jobs, none of which had been started")
          .containsOnly(1L);
    }
  }

  private void checkWhatRemains(RespConnection admin, ChildWorker worker) {
    List<Row> rows = rows(admin, stream);
    assertThat(consumers(admin, stream)).containsExactly(AtomicSteps.RELEASED);
    assertThat(rows).isNotEmpty().allMatch(row -> row.consumer().equals(AtomicSteps.RELEASED));
    Set<EntryId> started =
        worker.starts().stream().map(ChildWorker.Start::id).collect(Collectors.toSet());
    Map<EntryId, Row> byId = new HashMap<>();
    rows.forEach(row -> byId.put(row.id(), row));
    published.forEach(
        (id, payload) -> {
          Row row = byId.get(id);
          if (payload.startsWith("fails")) {
            assertThat(row.count()).as("waits for its retry").isEqualTo(1);
            // claimable when its backoff ends: not before, and not a visibility timeout later
            assertThat(row.idle()).isBetween((long) VISIBILITY - BACKOFF, (long) VISIBILITY);
          } else if (payload.startsWith("hangs")) {
            assertThat(row.count()).as("was cancelled").isEqualTo(1);
            assertThat(row.idle()).isGreaterThan(VISIBILITY);
          } else if (started.contains(id)) {
            assertThat(row)
                .as("%s ran, had the time to end, and was acknowledged", payload)
                .isNull();
            assertThat(worker.done()).contains(id);
          } else if (row != null) {
            assertThat(row.count()).as("%s was never started", payload).isZero();
            assertThat(row.idle()).isGreaterThan(VISIBILITY);
          }
        });
    assertThat(worker.cancelled()).hasSize(2);
    System.out.printf(
        "shutdown: %d started, %d done, %d given back%n",
        started.size(), worker.done().size(), rows.size());
  }

  /** Another worker takes it from there. */
  private Map<EntryId, Long> handleTheRest(RespConnection admin) {
    Map<EntryId, Long> deliveries = new ConcurrentHashMap<>();
    try (Millstream millstream = Millstream.connect(redis.uri())) {
      heir(millstream, deliveries);
      await().atMost(PATIENCE).until(() -> rows(admin, stream).isEmpty() && lag(admin) == 0);
    }
    return deliveries;
  }

  private long lag(RespConnection admin) {
    EntryId last =
        EntryId.parse(
            String.valueOf(
                ((List<?>) admin.list("XREVRANGE", stream, "+", "-", "COUNT", "1").get(0)).get(0)));
    String groups = admin.list("XINFO", "GROUPS", stream).toString();
    return groups.contains(last.toString()) ? 0 : 1;
  }

  private void heir(Millstream millstream, Map<EntryId, Long> deliveries) {
    millstream
        .worker(MessageStream.string(stream), WorkerProcess.GROUP)
        .concurrency(100)
        .visibilityTimeout(Duration.ofMillis(VISIBILITY))
        .blockTimeout(Duration.ofMillis(500))
        .handle(
            message -> {
              deliveries.put(message.id(), message.delivery());
              return Mono.empty();
            })
        .start()
        .whenRunning()
        .block(PATIENCE);
  }

  @Test
  void anotherWorkerHasWhatWasGivenBackWithinAReaperPeriod() throws Exception {
    try (RespConnection admin = redis.connect();
        ChildWorker worker = child(redis.uri());
        Millstream millstream = Millstream.connect(redis.uri())) {
      // six places taken for ever, and six entries read ahead of them
      publish(admin, "hangs", 12);
      await()
          .atMost(PATIENCE)
          .until(() -> worker.starts().size() == 6 && rows(admin, stream).size() == 12);
      Map<EntryId, Long> deliveries = new ConcurrentHashMap<>();
      heir(millstream, deliveries);
      worker.terminate();
      // the drain timeout passes first
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(
              () ->
                  rows(admin, stream).stream()
                      .noneMatch(row -> row.consumer().equals(worker.consumer())));
      long givenBack = System.nanoTime();
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> deliveries.size() == 12);
      Duration took = Duration.ofNanos(System.nanoTime() - givenBack);
      System.out.printf(
          "shutdown: another worker had all that was given back after %d ms (reaper period %d ms)%n",
          took.toMillis(), VISIBILITY / 4);
      // a reaper period with its jitter, and what a busy machine needs to start 12 handlers; a
      // visibility timeout would be four periods
      assertThat(took).isLessThan(Duration.ofMillis(VISIBILITY / 4 + VISIBILITY / 8));
      assertThat(worker.exit()).isEqualTo(143);
      assertThat(worker.starts().stream().map(start -> deliveries.get(start.id())).toList())
          .containsOnly(2L);
      assertThat(deliveries.values().stream().filter(delivery -> delivery == 1)).hasSize(6);
    }
  }
}
