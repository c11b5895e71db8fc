package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.entry.EntryId;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.Proxy;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a read delivered into a connection that broke. The visibility timeout is a minute: whatever
 * is handled sooner was not left to the reaper.
 */
@Tag("trouble")
class LostReplyTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration BLOCK = Duration.ofSeconds(3);
  private static final String READ = "XREADGROUP";

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

  private void start(Scene scene, String uri) {
    scene.worker("a", uri, builder -> builder.visibilityTimeout(MINUTE).blockTimeout(BLOCK));
    scene.awaitRunning();
    scene.publish("twice", 1); // the scripts are known to the server from here on
    scene.awaitSettled();
    awaitBlockedReads(1);
  }

  private void awaitBlockedReads(int count) {
    await().atMost(SOON).until(() -> blockedReads() == count);
  }

  private long blockedReads() {
    return admin
        .text("CLIENT", "LIST")
        .lines()
        .filter(line -> line.contains("cmd=xreadgroup") && line.contains(" flags=b"))
        .count();
  }

  /** Whatever it was last used for: it is not the one that reads. */
  private static void holdRepliesOfTheSharedConnection(Proxy proxy) {
    for (String command : List.of("EVAL", "XACK", "XPENDING", "XAUTOCLAIM", "CLIENT", "XGROUP")) {
      proxy.holdReplies(command);
    }
  }

  private static void report(String name, long fromNanos) {
    System.out.printf("recovery: %s: %d ms%n", name, (System.nanoTime() - fromNanos) / 1_000_000);
  }

  /** Until all of these were handled, once each, as their first delivery. */
  private static void awaitFirstDeliveries(Scene scene, List<EntryId> ids, Duration atMost) {
    await().atMost(atMost).until(() -> ids.stream().allMatch(scene.journal::done));
    assertThat(ids)
        .allSatisfy(id -> assertThat(scene.journal.deliveries().get(id)).isEqualTo(List.of(1L)));
    scene.awaitSettled();
  }

  @Test
  void whatAReadDeliveredIntoABrokenConnectionIsTakenUpAtOnceAndCountedOnce() {
    try (Proxy proxy = new Proxy(redis.port());
        Scene scene = new Scene(redis)) {
      start(scene, proxy.uri());
      proxy.holdReplies(READ);
      List<EntryId> ids = scene.publish("quick", 1);
      await().atMost(SOON).until(proxy::holdsSomething);
      assertThat(scene.pending()).as("delivered, and not heard of").isEqualTo(1);
      assertThat(scene.journal.starts(ids.get(0))).isZero();

      long cut = System.nanoTime();
      proxy.cut();
      awaitFirstDeliveries(scene, ids, SOON);
      report("a read's reply lost", cut);
    }
  }

  @Test
  void whatWasDeliveredBeforeTheReplyWasCutShortIsTakenUpAtOnceAndCountedOnce() {
    try (Proxy proxy = new Proxy(redis.port());
        Scene scene = new Scene(redis)) {
      start(scene, proxy.uri());
      proxy.cutAfter(7);
      List<EntryId> ids = scene.publish("quick", 1);
      await().atMost(SOON).until(proxy::hasCut);

      long cut = System.nanoTime();
      awaitFirstDeliveries(scene, ids, SOON);
      report("a read's reply cut in its midst", cut);
    }
  }

  @Test
  void whatAZombieReadTakesAfterItsClientIsGoneIsTakenUpSoon() {
    try (Proxy proxy = new Proxy(redis.port());
        Scene scene = new Scene(redis)) {
      start(scene, proxy.uri());
      proxy.hold(); // keeps the server's side of what is cut
      proxy.cut();
      long cut = System.nanoTime();
      // at once, while the old read still waits at the server, and later
      List<EntryId> ids = scene.publish("quick", 2);
      awaitFirstDeliveries(scene, ids, SOON);
      report("a zombie read", cut);
      awaitBlockedReads(1);
      List<EntryId> later = scene.publish("quick", 2);
      awaitFirstDeliveries(scene, later, Duration.ofSeconds(2));
    }
  }

  @Test
  void aUserWithoutTheRightToKillGetsWhatAZombieReadTookOnceItsBlockIsOver() {
    try (Proxy proxy = new Proxy(redis.port());
        Scene scene = new Scene(redis)) {
      admin.call(
          "ACL", "SETUSER", "meek", "reset", "on", ">pw", "~*", "&*", "+@all", "-client|kill");
      start(scene, proxy.uri().replace("//", "//meek:pw@"));
      proxy.hold();
      proxy.cut();
      long cut = System.nanoTime();
      awaitBlockedReads(2); // the zombie, and the new one behind it
      List<EntryId> ids = scene.publish("quick", 1);
      assertThat(scene.pending()).as("the zombie came first").isEqualTo(1);
      awaitFirstDeliveries(scene, ids, BLOCK.multipliedBy(2).plusSeconds(2));
      report("a zombie read that may not be killed, BLOCK 3 s", cut);
    } finally {
      admin.call("ACL", "DELUSER", "meek");
    }
  }

  @Test
  void whatBecameOfAnAcknowledgementIsAskedAgainAndNothingRunsTwice() {
    try (Proxy proxy = new Proxy(redis.port());
        Scene scene = new Scene(redis)) {
      start(scene, proxy.uri());
      List<EntryId> ids = scene.publish("slow", 5);
      await().atMost(SOON).until(() -> ids.stream().allMatch(id -> scene.journal.starts(id) == 1));
      awaitBlockedReads(1);
      holdRepliesOfTheSharedConnection(proxy);
      scene.open();
      await().atMost(SOON).until(proxy::holdsSomething);
      await().atMost(SOON).until(() -> scene.pending() < 5); // took effect, unheard
      proxy.cut();
      awaitFirstDeliveries(scene, ids, SOON);
      scene.awaitRunning();
      assertThat(scene.workers.get(0).load().held()).isZero();
    }
  }

  @Test
  void aRedeliveryWhoseReplyWasLostIsCountedOnce() {
    try (Proxy proxy = new Proxy(redis.port());
        Scene scene = new Scene(redis)) {
      start(scene, proxy.uri());
      List<EntryId> ids = scene.publish("twice", 3);
      await().atMost(SOON).until(() -> scene.journal.all(Journal.What.FAILED).size() == 4);
      awaitBlockedReads(1);
      holdRepliesOfTheSharedConnection(proxy);
      await().atMost(SOON).until(proxy::holdsSomething); // a second later it falls due
      await()
          .atMost(SOON)
          .until(
              () ->
                  ids.stream()
                      .allMatch(
                          id -> {
                            List<?> row =
                                (List<?>)
                                    admin
                                        .list(
                                            "XPENDING",
                                            scene.stream(),
                                            Scene.GROUP,
                                            id.toString(),
                                            id.toString(),
                                            "1")
                                        .get(0);
                            return Long.valueOf(2).equals(row.get(3));
                          }));
      assertThat(ids).allMatch(id -> scene.journal.starts(id) == 1);
      proxy.cut();
      scene.awaitSettled();
      scene.assertEveryStartCountedOnceAndNoneWasSpentInVain();
    }
  }
}
