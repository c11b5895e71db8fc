package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.entry.EntryId;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.trouble.Journal.What;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Leases in real time. All of it is waiting, so all waits side by side, each on a server of its
 * own: the first test takes as long as the longest.
 */
@Tag("trouble")
@Tag("slow")
class LongLeaseTest {
  private static final ExecutorService THREADS = Executors.newFixedThreadPool(3);

  private static CompletableFuture<Void> longHandler;
  private static CompletableFuture<Void> shortFreeze;
  private static CompletableFuture<Void> longFreeze;

  @BeforeAll
  static void beginAll() {
    longHandler = begin(LongLeaseTest::handlerOfTenVisibilityTimeouts);
    // A second more or less does not matter to these leases: nothing but the freeze makes them late
    shortFreeze = begin(() -> frozen(Duration.ofMillis(2_000), Duration.ofMillis(6_500)));
    longFreeze = begin(() -> frozen(Duration.ofSeconds(4), Duration.ofSeconds(13)));
  }

  @AfterAll
  static void endAll() {
    THREADS.shutdownNow();
  }

  private static CompletableFuture<Void> begin(Runnable scenario) {
    return CompletableFuture.runAsync(scenario, THREADS);
  }

  /** Its end, whatever it is. */
  private static void join(CompletableFuture<Void> scenario) {
    try {
      scenario.join();
    } catch (CompletionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    }
  }

  @Test
  void aHandlerOf30SecondsWithAVisibilityTimeoutOf3SecondsRunsOnce() {
    join(longHandler);
  }

  @Test
  void aServerFrozenForThreeVisibilityTimeoutsButNotForACommandTimeoutStartsNothingTwice() {
    join(shortFreeze);
  }

  @Test
  void aServerFrozenForThreeVisibilityTimeoutsAndForACommandTimeoutStartsNothingTwice() {
    join(longFreeze);
  }

  private static void handlerOfTenVisibilityTimeouts() {
    try (OwnRedis redis = TestRedis.startOwn();
        Scene scene = new Scene(redis);
        RespConnection admin = redis.connect()) {
      for (String name : List.of("a", "b")) {
        scene.worker(
            name,
            builder ->
                builder
                    .visibilityTimeout(Duration.ofSeconds(3))
                    .handlerTimeout(Duration.ofMinutes(1)));
      }
      scene.awaitRunning();
      EntryId id = scene.publish("slow", 1).get(0);
      await().until(() -> scene.journal.starts(id) == 1);
      long started = System.nanoTime();
      await()
          .during(Duration.ofSeconds(30))
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(250))
          .until(() -> scene.journal.starts(id) == 1 && !scene.journal.done(id));
      List<?> row =
          (List<?>)
              admin
                  .list("XPENDING", scene.stream(), Scene.GROUP, id.toString(), id.toString(), "1")
                  .get(0);
      assertThat(row.get(3)).as("delivery count").isEqualTo(1L);
      scene.open();
      scene.awaitSettled();
      scene.assertEveryStartCountedOnceAndNoneWasSpentInVain();
      System.out.printf(
          "lease: a handler of %d ms with a visibility timeout of 3000 ms: %d start%n",
          (System.nanoTime() - started) / 1_000_000, scene.journal.starts(id));
    }
  }

  /** Three workers that hold whatever can be held, all of it while the server stands still. */
  private static void frozen(Duration visibility, Duration freeze) {
    try (OwnRedis redis = TestRedis.startOwn();
        Scene scene = new Scene(redis)) {
      for (String name : List.of("a", "b", "c")) {
        scene.worker(
            name,
            builder ->
                builder
                    .concurrency(4)
                    .readAhead(2)
                    .visibilityTimeout(visibility)
                    .handlerTimeout(Duration.ofMinutes(1)));
      }
      scene.awaitRunning();
      scene.publish("slow", 12);
      scene.publish("twice", 6);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> scene.journal.all(What.STARTED).size() >= 12);
      redis.freeze();
      try {
        long frozenAt = System.nanoTime();
        await()
            .atMost(freeze.plusSeconds(10))
            .until(() -> System.nanoTime() - frozenAt > freeze.toNanos());
      } finally {
        redis.resume();
      }
      // long enough for whoever would take over: two visibility timeouts and a round
      await()
          .during(visibility.multipliedBy(2).plusSeconds(1))
          .atMost(Duration.ofSeconds(30))
          .until(() -> scene.journal.all(What.CANCELLED).isEmpty());
      scene.open();
      scene.awaitSettled();
      scene.assertEveryStartCountedOnceAndNoneWasSpentInVain();
      System.out.printf(
          "lease: server frozen for %d ms, visibility timeout %d ms, 3 workers: %d messages,"
              + " no second start%n",
          freeze.toMillis(), visibility.toMillis(), scene.published.size());
    }
  }
}
