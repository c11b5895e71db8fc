package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.entry.EntryId;
import io.millstream.policy.RetryPolicy;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.TestRedis;
import io.millstream.trouble.Journal.What;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerLoad;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cancelled handler that does not end keeps its place until it has. */
@Tag("trouble")
class ConcurrencyBoundTest {
  private static final int CONCURRENCY = 4;

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @Test
  void neverMoreHandlersRunThanMayWithBlockingOnesThatAreCancelledAndDoNotHeedIt() {
    try (OwnRedis redis = TestRedis.startOwn();
        Scene scene = new Scene(redis)) {
      Millstream millstream = scene.closing(Millstream.connect(redis.uri()));
      Worker worker =
          millstream
              .worker(scene.jobs, Scene.GROUP)
              .concurrency(CONCURRENCY)
              .readAhead(CONCURRENCY)
              .maxWaiting(10)
              .visibilityTimeout(Duration.ofSeconds(1))
              .handlerTimeout(Duration.ofMillis(100))
              .drainTimeout(Duration.ofMillis(200))
              .retry(RetryPolicy.fixed(Duration.ofMillis(100)).maxDeliveries(2))
              .handleBlocking(
                  message -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    scene.journal.note(What.STARTED, "a", message);
                    try {
                      if (message.payload().startsWith("hangs")) {
                        occupy(Duration.ofMillis(700));
                      }
                    } finally {
                      running.decrementAndGet();
                    }
                  })
              .start();
      List<EntryId> stubborn = scene.publish("hangs", 6);
      scene.publish("quick", 40);
      AtomicInteger mostHeld = new AtomicInteger();
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                WorkerLoad load = worker.load();
                assertThat(load.running()).isLessThanOrEqualTo(CONCURRENCY);
                assertThat(load.waiting()).isLessThanOrEqualTo(10 + CONCURRENCY);
                mostHeld.accumulateAndGet(load.running() + load.ready(), Math::max);
                return scene.journal.deliveries().size() == 46 && scene.pending() == 0;
              });
      assertThat(most).hasValue(CONCURRENCY);
      // running, read ahead, and the allowance of what was recovered
      assertThat(mostHeld.get()).isLessThanOrEqualTo(2 * CONCURRENCY + 1);
      assertThat(scene.journal.deliveries().keySet()).containsAll(stubborn);
    }
  }

  /** Time that no interrupt shortens. */
  private static void occupy(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
      boolean interrupted = Thread.interrupted();
      assertThat(interrupted || left > 0).isTrue();
      LockSupport.parkNanos(left);
    }
  }
}
