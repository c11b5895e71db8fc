package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.trouble.Journal.What;
import io.millstream.worker.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that is there, answers, and will not do what it is asked. */
@Tag("trouble")
class RefusedCommandsTest {
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

  /** A test that failed leaves no trouble for the next. */
  @AfterEach
  void putRight() {
    try {
      killScript();
      admin.call("REPLICAOF", "NO", "ONE");
      admin.call("CONFIG", "SET", "min-replicas-to-write", "0");
      admin.call("CONFIG", "SET", "save", "");
      admin.call("CONFIG", "SET", "maxmemory", "0");
    } finally {
      admin.close();
    }
  }

  /**
   * What most of these have in common: everything that changes something is refused for a while.
   */
  private void endure(String name, String error, Runnable damage, Runnable repair) {
    try (Ordeal ordeal = new Ordeal(redis, name)) {
      ordeal.begin().trouble(damage).awaitBackingOff(SOON, error).countCommands();
      ordeal.endure(Ordeal.TROUBLE).checkCommands().checkLog();
      ordeal.heal(repair).checkNothingWasLostOrSpent();
    }
  }

  @Test
  void readonlyIsEnduredWhileTheServerIsAReplicaOfADeadMaster() {
    // nobody listens on the discard port
    endure(
        "READONLY",
        "READONLY",
        () -> admin.call("REPLICAOF", "127.0.0.1", "9"),
        () -> admin.call("REPLICAOF", "NO", "ONE"));
  }

  @Test
  void tooFewReplicasAreEndured() {
    endure(
        "NOREPLICAS",
        "NOREPLICAS",
        () -> admin.call("CONFIG", "SET", "min-replicas-to-write", "1"),
        () -> admin.call("CONFIG", "SET", "min-replicas-to-write", "0"));
  }

  @Test
  void aSnapshotThatFailsIsEndured() {
    Path inTheWay = redis.folder().resolve("dump.rdb");
    endure(
        "MISCONF",
        "MISCONF",
        () -> {
          create(inTheWay); // a snapshot cannot take the name of a folder, not even root's
          admin.call("CONFIG", "SET", "save", "3600 1000000");
          snapshot("err");
        },
        () -> {
          delete(inTheWay);
          snapshot("ok");
          admin.call("CONFIG", "SET", "save", "");
        });
  }

  private static void create(Path folder) {
    try {
      Files.createDirectory(folder);
      Files.createFile(folder.resolve("not-empty"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void delete(Path folder) {
    try {
      Files.delete(folder.resolve("not-empty"));
      Files.delete(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void snapshot(String status) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              if (admin.text("INFO", "persistence").contains("rdb_bgsave_in_progress:0")) {
                if (admin
                    .text("INFO", "persistence")
                    .contains("rdb_last_bgsave_status:" + status)) {
                  return true;
                }
                admin.call("BGSAVE");
              }
              return false;
            });
  }

  @Test
  void aLongScriptIsEndured() {
    admin.call("CONFIG", "SET", "lua-time-limit", "100");
    try (Ordeal ordeal = new Ordeal(redis, "BUSY");
        RespConnection busy = redis.connect()) {
      ordeal
          .begin()
          .countCommands()
          .trouble(() -> busy.send("EVAL", "while true do end", "0"))
          .awaitBackingOff(SOON, "BUSY")
          .endure(Ordeal.TROUBLE)
          .checkLog();
      killScript();
      assertThatThrownBy(busy::receive) // the kill is noticed at the script's next step only
          .isInstanceOf(RespConnection.ReplyError.class);
      ordeal.checkCommands().heal(() -> {}).checkNothingWasLostOrSpent();
    }
  }

  private void killScript() {
    try {
      admin.call("SCRIPT", "KILL");
    } catch (RespConnection.ReplyError e) {
      assertThat(e).hasMessageStartingWith("NOTBUSY");
    }
  }

  @Test
  void outOfMemoryHoldsUpDeadLettersAndNothingElse() {
    try (Ordeal ordeal = new Ordeal(redis, "OOM")) {
      Scene scene = ordeal.begin().scene;
      ordeal.trouble(() -> admin.call("CONFIG", "SET", "maxmemory", "1"));
      scene.open();
      await()
          .atMost(SOON)
          .until(() -> scene.workers.stream().anyMatch(w -> w.state() == WorkerState.BACKING_OFF));
      assertThat(scene.workers)
          .anySatisfy(worker -> assertThat(worker.trouble().orElse("")).contains("OOM"));
      // acknowledgements and retries need no memory: only the doomed stay
      await().atMost(SOON).until(() -> scene.pending() == 2);
      assertThat(scene.ids("slow")).allMatch(scene.journal::done);
      assertThat(scene.ids("twice")).allMatch(scene.journal::done);

      ordeal.countCommands();
      await()
          .during(Ordeal.TROUBLE)
          .atMost(SOON)
          .until(() -> scene.pending() == 2 && scene.deadLetters().isEmpty());
      ordeal.checkCommands().checkLog();
      ordeal.heal(() -> admin.call("CONFIG", "SET", "maxmemory", "0")).checkNothingWasLostOrSpent();
    }
  }

  @Test
  void aUserWithoutRightsOnTheDeadLetterKeyIsFoundAtTheStartAndReadsNothingUntilItHasThem() {
    try (Ordeal ordeal = new Ordeal(redis, "NOPERM")) {
      Scene scene = ordeal.scene;
      admin.call("ACL", "SETUSER", "poor", "reset", "on", ">pw", "~" + scene.stream(), "+@all");
      scene.publish("quick", 3);
      scene.publish("doomed", 2);
      scene.worker("a", redis.uri().replace("//", "//poor:pw@"), UnaryOperator.identity());
      ordeal.trouble(() -> {}).awaitBackingOff(SOON, "NOPERM").countCommands();
      ordeal.endure(Ordeal.TROUBLE).checkCommands().checkLog();
      assertThat(scene.journal.all(What.STARTED)).isEmpty();
      assertThat(admin.list("XINFO", "GROUPS", scene.stream()).toString())
          .doesNotContain(scene.ids("quick").get(0).toString());

      ordeal
          .heal(() -> admin.call("ACL", "SETUSER", "poor", "~" + scene.deadLetterKey()))
          .checkNothingWasLostOrSpent();
    }
  }
}
