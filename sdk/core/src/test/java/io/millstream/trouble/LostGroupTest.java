package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.entry.EntryId;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.trouble.Journal.What;
import io.millstream.worker.LostGroup;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody takes away what the workers stand on: the group, its stream, or everything. */
@Tag("trouble")
class LostGroupTest {
  private static final Duration SOON = Duration.ofSeconds(10);
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

  /**
   * The entries are gone with their stream. Handlers that run go on; what fails for good, and what
   * waits for its retry and can never have it, leaves a dead letter.
   */
  private void checkThatWhatWasHeldHadItsEnd(Ordeal ordeal) {
    Scene scene = ordeal.scene;
    scene.open();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(scene.ids("slow")).allMatch(scene.journal::done);
              assertThat(scene.deadLetters()).containsAll(scene.ids("doomed"));
              assertThat(scene.deadLetters()).containsAll(scene.ids("twice"));
              assertThat(scene.pending()).isZero();
            });
    scene.awaitRunning();
    assertThat(scene.deadLetters()).doesNotHaveDuplicates().hasSize(6);
    assertThat(scene.journal.deliveries().values()).allMatch(List.of(1L)::equals);
    assertThat(scene.journal.all(What.CANCELLED)).isEmpty();
    assertThat(scene.journal.all(What.STARTED)).hasSize(scene.published.size());
  }

  @Test
  void aFlushIsGotOver() {
    try (Ordeal ordeal = new Ordeal(redis, "FLUSHALL")) {
      ordeal.begin().trouble(() -> {}).heal(() -> admin.call("FLUSHALL"));
      checkThatWhatWasHeldHadItsEnd(ordeal);
      ordeal.checkLog();
    }
  }

  @Test
  void aDeletedStreamIsGotOver() {
    try (Ordeal ordeal = new Ordeal(redis, "stream deleted")) {
      ordeal.begin().trouble(() -> {}).heal(() -> admin.call("DEL", ordeal.scene.stream()));
      checkThatWhatWasHeldHadItsEnd(ordeal);
      ordeal.checkLog();
    }
  }

  @Test
  void aStreamThatIsOverwrittenIsSaidAndGotOverWhenItIsPutRight() {
    try (Ordeal ordeal = new Ordeal(redis, "stream overwritten")) {
      String stream = ordeal.begin().scene.stream();
      ordeal.trouble(() -> admin.call("SET", stream, "not a stream"));
      ordeal.awaitBackingOff(SOON, "WRONGTYPE").countCommands();
      ordeal.endure(Ordeal.TROUBLE).checkCommands().checkLog();
      ordeal.heal(() -> admin.call("DEL", stream));
      checkThatWhatWasHeldHadItsEnd(ordeal);
    }
  }

  @Test
  void aGroupThatIsDestroyedIsMadeAnewWhereItsOnlyWorkerHadCome() {
    try (Ordeal ordeal = new Ordeal(redis, "group destroyed")) {
      Scene scene = ordeal.alone().begin().scene;
      ordeal.trouble(() -> {}).heal(this::destroy).checkNothingWasLostOrSpent();
      ordeal.checkLog();
      assertThat(scene.journal.all(What.STARTED))
          .hasSize(scene.published.size() + scene.ids("twice").size());
    }
  }

  private void destroy() {
    for (Object key : admin.list("KEYS", "millstream-test:*")) {
      if ("stream".equals(admin.text("TYPE", key.toString()))) {
        admin.call("XGROUP", "DESTROY", key.toString(), Scene.GROUP);
      }
    }
  }

  @Test
  void aGroupThatIsDestroyedUnderTwoWorkersLosesNothingOfEither() {
    try (Scene scene = new Scene(redis)) {
      // each holds entries of its own for a retry, the older ones and the newer ones
      scene.worker("a", UnaryOperator.identity());
      scene.awaitRunning();
      scene.publish("twice", 6);
      await().atMost(SOON).until(() -> scene.journal.all(What.FAILED).size() == 6);
      scene.worker("b", UnaryOperator.identity());
      scene.awaitRunning();
      scene.publish("slow", 30);
      await().atMost(SOON).until(() -> scene.workers.get(1).load().held() > 0);
      admin.call("XGROUP", "DESTROY", scene.stream(), Scene.GROUP);
      scene.publish("quick", 3);
      scene.open();
      scene.awaitSettled();
      scene.awaitRunning();
      assertThat(scene.deadLetters()).isEmpty();
      assertThat(scene.ids("twice"))
          .allSatisfy(id -> assertThat(scene.journal.starts(id)).isBetween(2, 3));
    }
  }

  private Worker policy(Scene scene, LostGroup policy) {
    Worker worker = scene.worker("a", builder -> builder.onLostGroup(policy));
    scene.awaitRunning();
    scene.publish("quick", 3);
    await()
        .atMost(SOON)
        .until(
            () ->
                scene.ids("quick").stream().allMatch(scene.journal::done) && scene.pending() == 0);
    return worker;
  }

  @Test
  void beginningHandlesAllThatStandsInTheStreamAgain() {
    try (Scene scene = new Scene(redis)) {
      policy(scene, LostGroup.BEGINNING);
      admin.call("XGROUP", "DESTROY", scene.stream(), Scene.GROUP);
      List<EntryId> all = scene.ids("quick");
      await().atMost(SOON).until(() -> all.stream().allMatch(id -> scene.journal.starts(id) == 2));
      scene.awaitSettled();
    }
  }

  @Test
  void endHandlesWhatIsPublishedAfterTheGroupIsThereAgain() {
    try (Scene scene = new Scene(redis)) {
      policy(scene, LostGroup.END);
      try (RespConnection both = redis.connect()) {
        both.call("MULTI");
        both.call("XADD", scene.stream(), "*", "payload", "quick-unread");
        both.call("XGROUP", "DESTROY", scene.stream(), Scene.GROUP);
        both.call("EXEC");
      }
      await().atMost(SOON).until(() -> !admin.list("XINFO", "GROUPS", scene.stream()).isEmpty());
      scene.publish("quick", 1);
      scene.awaitSettled();
      assertThat(scene.journal.all(What.STARTED)).hasSize(scene.published.size());
    }
  }

  @Test
  void failStopsTheWorkerAndSaysWhy() {
    try (Scene scene = new Scene(redis)) {
      Worker worker = policy(scene, LostGroup.FAIL);
      admin.call("XGROUP", "DESTROY", scene.stream(), Scene.GROUP);
      await().atMost(SOON).until(() -> worker.state() == WorkerState.FAILED);
      assertThat(worker.trouble().orElse("")).contains("group");
      assertThat(admin.list("XINFO", "GROUPS", scene.stream())).isEmpty();
    }
  }
}
