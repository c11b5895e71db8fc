package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.entry.EntryId;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.Message;
import io.millstream.message.Outcome;
import io.millstream.testing.LogWatch;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.trouble.Journal.What;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** What becomes of leases that somebody takes, and of entries that somebody deletes. */
@Tag("trouble")
class LeaseTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static OwnRedis redis;
  private RespConnection admin;

  @BeforeAll
  static void startServer() {
    redis = TestRedis.startOwn();
  }

  @AfterAll
  static void stopServer() {
    redis.close();
  }

  @BeforeEach
  void connect() {
    admin = redis.connect();
  }

  @AfterEach
  void disconnect() {
    admin.close();
  }

  private void steal(Scene scene, EntryId id) {
    assertThat(
            admin.list(
                "XCLAIM", scene.stream(), Scene.GROUP, "thief", "0", id.toString(), "JUSTID"))
        .hasSize(1);
  }

  private String owner(Scene scene, EntryId id) {
    List<?> rows =
        admin.list("XPENDING", scene.stream(), Scene.GROUP, id.toString(), id.toString(), "1");
    return rows.isEmpty() ? "nobody" : String.valueOf(((List<?>) rows.get(0)).get(1));
  }

  @Test
  void aLeaseThatWasTakenCancelsItsHandlerAndNoOther() {
    try (Scene scene = new Scene(redis)) {
      scene.worker("a", builder -> builder.visibilityTimeout(SECOND));
      scene.awaitRunning();
      List<EntryId> ids = scene.publish("slow", 3);
      await().atMost(SOON).until(() -> scene.journal.all(What.STARTED).size() == 3);
      // between two renewals the reaper would find it fresh, and the worker asks for it by name
      steal(scene, ids.get(1));
      await().atMost(SOON).until(() -> !scene.journal.of(ids.get(1), What.CANCELLED).isEmpty());

      assertThat(scene.journal.all(What.CANCELLED)).hasSize(1);
      scene.open();
      await()
          .atMost(SOON)
          .until(() -> scene.journal.done(ids.get(0)) && scene.journal.done(ids.get(2)));
    }
  }

  @Test
  void aLeaseThatWasTakenFromABatchMarksThatMessageOnly() {
    try (Scene scene = new Scene(redis);
        LogWatch log = new LogWatch()) {
      Sinks.Empty<Void> end = Sinks.empty();
      Millstream millstream = scene.closing(Millstream.connect(redis.uri()));
      List<EntryId> ids = scene.publish("quick", 4);
      Worker worker =
          millstream
              .worker(scene.jobs, Scene.GROUP)
              .visibilityTimeout(Duration.ofSeconds(6))
              .blockTimeout(Duration.ofMillis(500))
              .concurrency(1)
              .handleBatch(
                  4,
                  batch -> {
                    batch.forEach(message -> scene.journal.note(What.STARTED, "a", message));
                    return end.asMono()
                        .thenReturn(retryAll(batch))
                        .doOnCancel(
                            () -> batch.forEach(m -> scene.journal.note(What.CANCELLED, "a", m)));
                  })
              .start();
      await().atMost(SOON).until(() -> scene.journal.all(What.STARTED).size() == 4);
      steal(scene, ids.get(2));
      await().atMost(SOON).until(() -> !log.lines("lost the lease").isEmpty());
      assertThat(log.lines("lost the lease"))
          .singleElement()
          .asString()
          .contains(ids.get(2).toString());
      assertThat(scene.journal.all(What.CANCELLED)).as("the others' handler").isEmpty();

      end.tryEmitEmpty(); // all four shall be tried again
      await().atMost(SOON).until(() -> worker.load().waiting() == 3 && worker.load().held() == 3);
      assertThat(ids)
          .extracting(id -> owner(scene, id))
          .containsExactly(worker.consumer(), worker.consumer(), "thief", worker.consumer());
    }
  }

  private static BatchOutcomes retryAll(List<Message<String>> batch) {
    BatchOutcomes outcomes = BatchOutcomes.ackAll();
    for (Message<String> message : batch) {
      outcomes = outcomes.with(message, Outcome.retry(Duration.ofMinutes(1)));
    }
    return outcomes;
  }

  @Test
  void whatIsDeletedOrTrimmedWhileItIsHeldIsNotCancelledAndItsFailureLeavesADeadLetter() {
    try (Scene scene = new Scene(redis)) {
      Worker worker = scene.worker("a", builder -> builder.visibilityTimeout(SECOND));
      scene.awaitRunning();
      scene.publish("slow", 2);
      scene.publish("doomed", 2);
      await().atMost(SOON).until(() -> scene.journal.all(What.STARTED).size() == 4);
      admin.call("XDEL", scene.stream(), scene.ids("slow").get(1).toString());
      admin.call("XTRIM", scene.stream(), "MINID", scene.ids("doomed").get(1).toString());
      admin.call("XDEL", scene.stream(), scene.ids("doomed").get(1).toString());
      // three renewals
      await().during(SECOND).atMost(SOON).until(() -> scene.journal.all(What.CANCELLED).isEmpty());
      assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
      scene.open();
      scene.awaitSettled();
      assertThat(scene.deadLetters()).containsExactlyInAnyOrderElementsOf(scene.ids("doomed"));
      assertThat(scene.journal.all(What.CANCELLED)).isEmpty();
      assertThat(admin.list("XRANGE", scene.deadLetterKey(), "-", "+").toString())
          .contains("payload, doomed");
    }
  }

  @Test
  void whatAnOldOwnerDoesLateChangesNothingAfterTheEntryWentAwayAndCameBack() {
    try (Scene scene = new Scene(redis)) {
      Sinks.Empty<Void> first = Sinks.empty();
      Millstream millstream = scene.closing(Millstream.connect(redis.uri()));
      Worker worker =
          millstream
              .worker(scene.jobs, Scene.GROUP)
              .visibilityTimeout(SECOND)
              .blockTimeout(Duration.ofMillis(500))
              .drainTimeout(Duration.ofMillis(200))
              .handleBlocking(
                  message -> {
                    scene.journal.note(What.STARTED, "a", message);
                    if (scene.journal.starts(message.id()) == 1) {
                      awaitWhateverComes(first);
                      throw new IllegalStateException("late, and of a delivery long past");
                    }
                    scene.journal.note(What.DONE, "a", message);
                  })
              .start();
      EntryId id = scene.publish("slow", 1).get(0);
      await().atMost(SOON).until(() -> scene.journal.starts(id) == 1);
      // away, and back by the reaper once the thief's lease has run out
      steal(scene, id);
      await().atMost(SOON).until(() -> !owner(scene, id).equals("thief"));
      first.tryEmitEmpty();
      await().atMost(SOON).until(() -> scene.journal.done(id) && scene.pending() == 0);
      assertThat(scene.journal.deliveries().get(id)).isEqualTo(List.of(1L, 2L));
      assertThat(scene.deadLetters()).isEmpty();
      await().atMost(SOON).until(() -> worker.load().held() == 0);
    }
  }

  /** As a handler that does not heed its interrupt does. */
  private static void awaitWhateverComes(Sinks.Empty<Void> end) {
    boolean over = false;
    while (!over) {
      try {
        end.asMono().block();
        over = true;
      } catch (RuntimeException e) {
        over = !(e.getCause() instanceof InterruptedException);
      }
    }
  }
}
