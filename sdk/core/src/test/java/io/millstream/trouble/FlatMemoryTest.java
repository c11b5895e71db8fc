package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.policy.RetryPolicy;
import io.millstream.testing.LogWatch;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.trouble.Journal.What;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** However long something is wrong, what a worker holds does not grow. */
@Tag("trouble")
class FlatMemoryTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /**
   * What a heap may differ by from one look to the next without a leak: the looks themselves, and
   * whatever the JVM and the libraries keep. One try of what the first test holds makes lists of
   * more than 20 KB, so a few dozen tries that are kept show.
   */
  private static final long NOISE = 1_000_000;

  /** The heap in use after a collection: the least of a few looks. */
  private static long heap() {
    return LongStream.range(0, 4)
        .map(
            look -> {
              System.gc();
              return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            })
        .min()
        .orElseThrow();
  }

  private static void publish(OwnRedis redis, String stream, String kind, int count) {
    try (RespConnection connection = redis.connect()) {
      connection.call(
          "EVAL",
          "for i = 1, ARGV[2] do redis.call('XADD', KEYS[1], '*', 'payload', ARGV[1] .. '-' .. i) end",
          "1",
          stream,
          kind,
          Integer.toString(count));
    }
  }

  @Test
  void theHeapOfABusyWorkerIsFlatWhileTheServerIsAway() {
    // Ten workers make ten times as many tries in the same time.
    int workers = 10;
    AtomicLong ended = new AtomicLong();
    try (OwnRedis redis = TestRedis.startOwn();
        Scene scene = new Scene(redis);
        LogWatch log = new LogWatch()) {
      Millstream millstream = scene.closing(Millstream.connect(redis.uri()));
      for (int i = 0; i < workers; i++) {
        Worker worker =
            millstream
                .worker(scene.jobs, Scene.GROUP)
                .concurrency(300)
                .readAhead(300)
                .visibilityTimeout(Duration.ofSeconds(3))
                .handlerTimeout(Duration.ofMinutes(5))
                .blockTimeout(Duration.ofMillis(500))
                .drainTimeout(Duration.ofMillis(100))
                .retry(RetryPolicy.fixed(Duration.ofSeconds(3)))
                .handle(
                    message ->
                        message.payload().startsWith("fails")
                            ? Mono.error(new Scene.ForNow())
                            // ends while the server is away
                            : Mono.delay(Duration.ofSeconds(3))
                                .doOnNext(tick -> ended.incrementAndGet()))
                .start();
        scene.workers.add(worker);
      }
      scene.awaitRunning();
      publish(redis, scene.stream(), "fails", 1_000);
      publish(redis, scene.stream(), "job", 3_000);
      await()
          .atMost(SOON)
          .until(
              () ->
                  scene.workers.stream().mapToInt(w -> w.load().waiting()).sum() >= 900
                      && scene.workers.stream().mapToInt(w -> w.load().running()).sum() >= 1_000);
      redis.kill();
      // handlers have ended, retries have fallen due: all there is to try is being tried
      await().atMost(SOON).until(() -> ended.get() > 1_000);
      await()
          .during(Duration.ofSeconds(3))
          .atMost(SOON)
          .until(() -> scene.workers.stream().allMatch(w -> w.state() == WorkerState.BACKING_OFF));
      int held = scene.workers.stream().mapToInt(w -> w.load().held()).sum();
      int lines = log.lines().size();
      long before = heap();
      await()
          .during(Duration.ofSeconds(10))
          .atMost(SOON)
          .until(() -> scene.workers.stream().allMatch(w -> w.state() == WorkerState.BACKING_OFF));
      long after = heap();
      System.out.printf(
          "memory: %d workers that hold %d, server away for 10 s more: heap %d KB, then %d KB%n",
          workers, held, before / 1024, after / 1024);
      assertThat(after - before).isLessThan(NOISE);
      assertThat(log.lines().size() - lines).as("log lines in 10 s").isLessThan(workers);
      assertThat(scene.workers.stream().mapToInt(w -> w.load().held()).sum())
          .isLessThanOrEqualTo(held);
    }
  }

  @Test
  void aWorkerWhoseHandlersAllFailReadsNoMoreThanMayWaitAndIsFlat() {
    int maxWaiting = 200;
    try (OwnRedis redis = TestRedis.startOwn();
        Scene scene = new Scene(redis);
        RespConnection admin = redis.connect()) {
      Worker worker =
          scene.worker(
              "a",
              builder ->
                  builder
                      .maxWaiting(maxWaiting)
                      .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxDeliveries(1_000)));
      scene.awaitRunning();
      publish(redis, scene.stream(), "fails", 2_000);
      await().atMost(SOON).until(() -> worker.state() == WorkerState.SATURATED);
      int bound = maxWaiting + 16; // and what may run and be read ahead
      assertThat(scene.pending()).isBetween((long) maxWaiting, (long) bound);
      String lastRead = lastRead(admin, scene);

      await().atMost(SOON).until(() -> scene.journal.all(What.STARTED).size() > 3 * maxWaiting);
      long before = heap() - size(scene);
      publish(redis, scene.stream(), "fails", 2_000);
      int starts = scene.journal.all(What.STARTED).size();
      await()
          .atMost(SOON)
          .until(() -> scene.journal.all(What.STARTED).size() > starts + 4 * maxWaiting);
      long after = heap() - size(scene);
      System.out.printf(
          "memory: every handler fails, %d wait, %d starts: heap %d KB, then %d KB%n",
          worker.load().waiting(),
          scene.journal.all(What.STARTED).size(),
          before / 1024,
          after / 1024);
      assertThat(after - before).isLessThan(NOISE);
      assertThat(worker.load().held()).isLessThanOrEqualTo(bound);
      assertThat(lastRead(admin, scene)).as("reading has stopped").isEqualTo(lastRead);
      assertThat(scene.pending()).isLessThanOrEqualTo(bound);
    }
  }

  /** What the test's own journal takes: two events of less than 200 bytes for each start. */
  private static long size(Scene scene) {
    return scene.journal.all(What.STARTED).size() * 2L * 200;
  }

  private static String lastRead(RespConnection admin, Scene scene) {
    List<?> group = (List<?>) admin.list("XINFO", "GROUPS", scene.stream()).get(0);
    return String.valueOf(group.get(group.indexOf("last-delivered-id") + 1));
  }
}
