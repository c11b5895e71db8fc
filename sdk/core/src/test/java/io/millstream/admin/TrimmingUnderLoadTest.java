package io.millstream.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.entry.EntryId;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Workers of three groups on a real server, one group slow, while messages come in, are deleted
 * once they are done with, and the stream is trimmed again and again.
 */
@Tag("redis")
class TrimmingUnderLoadTest {
  private static final int MESSAGES = 3_000;

  private final MessageStream<String> jobs = MessageStream.string(TestRedis.key());

  private void work(
      Millstream millstream, String group, boolean deletes, long millis, Set<EntryId> handled) {
    millstream
        .worker(jobs, group)
        .concurrency(8)
        .deleteOnAck(deletes)
        .handle(
            message ->
                Mono.delay(Duration.ofMillis(millis), Schedulers.parallel())
                    .doOnNext(tick -> handled.add(message.id()))
                    .then())
        .start();
  }

  private static long length(Millstream millstream, MessageStream<?> stream) {
    return Objects.requireNonNull(millstream.engine().streams().length(stream.name()).block());
  }

  @Test
  void threeGroupsGetEveryMessageThoughTheStreamIsTrimmedAndDeletedUnderThem() {
    try (Millstream millstream = Millstream.connect(TestRedis.uri())) {
      Set<EntryId> fast = ConcurrentHashMap.newKeySet();
      Set<EntryId> steady = ConcurrentHashMap.newKeySet();
      Set<EntryId> slow = ConcurrentHashMap.newKeySet();
      work(millstream, "fast", true, 0, fast);
      work(millstream, "steady", false, 1, steady);
      // one of its workers deletes what it acknowledges last, the other leaves it to the trim
      work(millstream, "slow", true, 10, slow);
      work(millstream, "slow", false, 10, slow);
      List<Set<EntryId>> handled = List.of(fast, steady, slow);
      await().until(() -> groups(millstream) == 3);

      AtomicLong trimmed = new AtomicLong();
      List<Throwable> failures = new CopyOnWriteArrayList<>();
      Disposable trimming =
          Flux.interval(Duration.ofMillis(5), Schedulers.single())
              .onBackpressureDrop()
              .concatMap(
                  tick -> millstream.admin().trim(jobs, TrimLimit.length(tick % 50)).last(), 1)
              .subscribe(done -> trimmed.addAndGet(done.removed()), failures::add);
      List<EntryId> published =
          Objects.requireNonNull(
              millstream
                  .publisher(jobs)
                  .publishAll(Flux.range(0, MESSAGES).map(i -> "job-" + i))
                  .collectList()
                  .block());
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> handled.stream().allMatch(all -> all.size() >= MESSAGES));

      handled.forEach(all -> assertThat(new TreeSet<>(all)).isEqualTo(new TreeSet<>(published)));
      trimming.dispose();
      assertThat(failures).isEmpty();
      assertThat(trimmed).hasPositiveValue();
      await()
          .untilAsserted(
              () -> {
                millstream.admin().trim(jobs, TrimLimit.length(0)).blockLast();
                assertThat(length(millstream, jobs)).isZero();
              });
      System.out.println(
          "trimming: " + trimmed + " of " + MESSAGES + " by trims, the rest by acks");
    }
  }

  private long groups(Millstream millstream) {
    return Objects.requireNonNull(millstream.admin().groups(jobs).count().block());
  }
}
