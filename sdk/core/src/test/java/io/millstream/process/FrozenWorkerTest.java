package io.millstream.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.entry.EntryId;
import io.millstream.process.WorkerProcess.Option;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** A worker whose JVM stands still for longer than its leases, and goes on as if nothing were. */
@Tag("trouble")
class FrozenWorkerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void aWorkerThatWasFrozenPastItsLeasesLearnsItAndHarmsNobody() {
    String stream = TestRedis.key();
    Map<EntryId, Long> taken = new ConcurrentHashMap<>();
    Sinks.Empty<Void> gate = Sinks.empty();
    try (OwnRedis redis = TestRedis.startOwn();
        RespConnection admin = redis.connect();
        ChildWorker frozen =
            new ChildWorker(
                redis.uri(), stream, 8, 5, Map.of(Option.WORK, 600_000, Option.VISIBILITY, 2_000));
        Millstream millstream = Millstream.connect(redis.uri())) {
      List<EntryId> ids = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ids.add(EntryId.parse(admin.text("XADD", stream, "*", "payload", "job-" + i)));
      }
      await().atMost(PATIENCE).until(() -> frozen.starts().size() == 4);
      frozen.freeze();
      String heir =
          millstream
              .worker(MessageStream.string(stream), WorkerProcess.GROUP)
              .visibilityTimeout(Duration.ofSeconds(2))
              .blockTimeout(Duration.ofMillis(500))
              .drainTimeout(Duration.ofMillis(200))
              .handle(
                  message -> {
                    taken.put(message.id(), message.delivery());
                    // two are settled while the other stands still, two run when it is back
                    return ids.indexOf(message.id()) < 2
                        ? reactor.core.publisher.Mono.empty()
                        : gate.asMono();
                  })
              .start()
              .consumer();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  taken.size() == 4
                      && admin.list("XPENDING", stream, WorkerProcess.GROUP).get(0).equals(2L));
      assertThat(taken.values()).containsOnly(2L);

      frozen.resume();
      await().atMost(PATIENCE).until(() -> frozen.cancelled().size() == 4);
      assertThat(frozen.cancelled()).containsExactlyInAnyOrderElementsOf(ids);
      await().atMost(PATIENCE).until(() -> frozen.leasesLost() == 4);
      assertThat(frozen.lines("lost the lease")).hasSize(4);
      // the heir's two are still the heir's, at its count, and its handlers run on
      assertThat(rows(admin, stream))
          .hasSize(2)
          .allSatisfy(
              row -> {
                assertThat(row.get(1)).isEqualTo(heir);
                assertThat(row.get(3)).isEqualTo(2L);
              });
      gate.tryEmitEmpty();
      await().atMost(PATIENCE).until(() -> rows(admin, stream).isEmpty());
      assertThat(frozen.starts()).hasSize(4);
      assertThat(
              admin.call("EXISTS", MessageStream.string(stream).deadLetterKey(WorkerProcess.GROUP)))
          .isEqualTo(0L);
    }
  }

  private static List<List<?>> rows(RespConnection admin, String stream) {
    List<List<?>> rows = new ArrayList<>();
    for (Object row : admin.list("XPENDING", stream, WorkerProcess.GROUP, "-", "+", "100")) {
      rows.add((List<?>) row);
    }
    return rows;
  }
}
