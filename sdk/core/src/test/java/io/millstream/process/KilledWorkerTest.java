package io.millstream.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisURI;
import io.millstream.codec.DeadLetterStory;
import io.millstream.codec.MessageStream;
import io.millstream.engine.Engine;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.PendingSummary;
import io.millstream.engine.lettuce.LettuceEngine;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Workers in JVMs of their own are killed, and nothing is lost. Its tests run side by side. */
@Tag("redis")
class KilledWorkerTest {
  private final String stream = TestRedis.key();
  private final MessageStream<String> jobs = MessageStream.string(stream);
  private Engine admin;

  @BeforeEach
  void connect() {
    admin = LettuceEngine.connect(RedisURI.create(TestRedis.uri()), Schedulers.parallel());
    await().untilAsserted(() -> assertThat(admin.streams().length(stream).block()).isZero());
  }

  @AfterEach
  void disconnect() {
    admin.close().block();
  }

  private List<EntryId> publish(List<String> payloads) {
    return Objects.requireNonNull(
        Flux.fromIterable(payloads)
            .concatMap(payload -> admin.streams().add(stream, Fields.of("payload", payload)))
            .collectList()
            .block());
  }

  private long pending() {
    PendingSummary summary =
        Objects.requireNonNull(admin.groups().pending(stream, WorkerProcess.GROUP).block());
    return summary.count();
  }

  private boolean allRead(EntryId last) {
    return Objects.requireNonNull(admin.groups().infoGroups(stream).block()).stream()
        .anyMatch(group -> group.lastDeliveredId().compareTo(last) >= 0);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aWorkerKilledInTheMidstOfAThousandMessagesLosesNone() throws Exception {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      payloads.add("job-" + i);
    }
    List<EntryId> ids = publish(payloads);
    List<ChildWorker.Start> starts = new ArrayList<>();
    Set<EntryId> done = new HashSet<>();

    try (ChildWorker victim = new ChildWorker(TestRedis.uri(), stream, 32, 20, 5)) {
      await().atMost(Duration.ofSeconds(60)).until(() -> victim.done().size() >= 300);
      victim.kill();
      starts.addAll(victim.starts());
      done.addAll(victim.done());
    }
    assertThat(done.size()).as("killed in the middle").isLessThan(1000);
    List<PendingEntry> left =
        Objects.requireNonNull(
            admin.groups().pending(stream, WorkerProcess.GROUP, PendingArgs.all(1000)).block());
    assertThat(left).as("pending under the dead name").isNotEmpty();
    Map<EntryId, Integer> startsOf = new HashMap<>();
    starts.forEach(start -> startsOf.merge(start.id(), 1, Integer::sum));
    assertThat(left)
        .allSatisfy(
            row ->
                assertThat(row.deliveries())
                    .isBetween(
                        (long) startsOf.getOrDefault(row.id(), 0),
                        startsOf.getOrDefault(row.id(), 0) + 1L));

    try (ChildWorker heir = new ChildWorker(TestRedis.uri(), stream, 32, 5, 5)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> allRead(ids.get(ids.size() - 1)) && pending() == 0);
      heir.kill();
      starts.addAll(heir.starts());
      done.addAll(heir.done());
    }
    assertThat(done).containsAll(ids);
    startsOf.clear();
    for (ChildWorker.Start start : starts) {
      int nth = startsOf.merge(start.id(), 1, Integer::sum);
      assertThat(start.delivery())
          .as("the count of %s at its start number %d", start.id(), nth)
          .isBetween((long) nth, nth + 1L);
    }
    System.out.printf(
        "kill test: %d messages, %d starts, %d pending at the kill, 0 lost, 0 pending at the end%n",
        ids.size(), starts.size(), left.size());
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void poisonAmongSixtyFourMessagesThatEndsItsJvmEachTimeIsTheOnlyDeadLetter() throws Exception {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      payloads.add(i == 20 ? "poison" : "job-" + i);
    }
    List<EntryId> ids = publish(payloads);
    EntryId poison = ids.get(20);
    Set<EntryId> done = new HashSet<>();
    int poisonStarts = 0;
    int lives = 0;

    boolean over = false;
    while (!over) {
      lives++;
      assertThat(lives).as("lives").isLessThan(10);
      try (ChildWorker worker = new ChildWorker(TestRedis.uri(), stream, 64, 100, 3)) {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () ->
                    !worker.alive() || (allRead(ids.get(63)) && pending() == 0 && worker.alive()));
        if (worker.alive()) {
          over = true;
          worker.kill();
        } else {
          assertThat(worker.exit()).isEqualTo(WorkerProcess.POISONED);
        }
        done.addAll(worker.done());
        poisonStarts += (int) worker.starts().stream().filter(s -> s.id().equals(poison)).count();
      }
    }

    List<Entry> letters =
        Objects.requireNonNull(
            admin.streams().range(jobs.deadLetterKey(WorkerProcess.GROUP), "-", "+", null).block());
    assertThat(letters).hasSize(1);
    assertThat(letters.get(0).fields().text("payload")).isEqualTo("poison");
    assertThat(letters.get(0).fields().text(DeadLetterStory.ID)).isEqualTo(poison.toString());
    assertThat(poisonStarts).isEqualTo(3);
    assertThat(done).hasSize(63).doesNotContain(poison);
    System.out.printf(
        "poison test: 64 messages, %d JVMs, poison started %d times, 1 dead letter, 63 handled%n",
        lives, poisonStarts);
  }
}
