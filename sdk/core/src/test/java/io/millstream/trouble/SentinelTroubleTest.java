package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.millstream.Millstream;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.OwnSentinels;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A master that Sentinels watch, and that is not the master for ever; Sentinels that go away. */
@Tag("trouble")
class SentinelTroubleTest {
  /** What a worker may need once there is a master again. */
  private static final Duration RECOVERY = Duration.ofSeconds(2);

  private static OwnSentinels sentinels;

  @BeforeAll
  static void start() {
    sentinels = OwnSentinels.start(2);
  }

  @AfterAll
  static void stop() {
    sentinels.close();
  }

  @AfterEach
  void putRight() {
    sentinels.restoreAll();
  }

  private static Traffic traffic() {
    return new Traffic(() -> Millstream.connect(sentinels.uri()));
  }

  @Test
  void aMasterThatIsKilledIsFollowedByTheOneThatIsPromoted() {
    try (Traffic traffic = traffic()) {
      failOver(traffic, "sentinel, master killed", OwnRedis::kill);
    }
  }

  @Test
  void aPlannedFailoverIsFollowed() {
    try (Traffic traffic = traffic()) {
      failOver(traffic, "sentinel, planned failover", master -> sentinels.failover());
    }
  }

  @Test
  void aUsersClientOfSentinelsFollowsToo() {
    RedisClient client = RedisClient.create(sentinels.uri());
    try (Traffic traffic = new Traffic(() -> Millstream.using(client))) {
      failOver(traffic, "sentinel, master killed, a user's client", OwnRedis::kill);
    } finally {
      client.shutdown();
    }
  }

  private void failOver(Traffic traffic, String what, Consumer<OwnRedis> damage) {
    traffic.begin();
    OwnRedis master = sentinels.master();
    long began = System.nanoTime();
    damage.accept(master);
    sentinels.awaitMasterOtherThan(master);
    long promoted = System.nanoTime();
    Duration handled = traffic.untilHandledAfter(promoted);

    traffic.flow(Duration.ofSeconds(1)).end();
    traffic.tell(
        what,
        "promoted after "
            + Duration.ofNanos(promoted - began).toMillis()
            + " ms, next handled "
            + handled.toMillis()
            + " ms later");
    assertThat(handled).isLessThan(RECOVERY);
  }

  @Test
  void oneSentinelOfThreeIsEnoughToFindTheMaster() {
    sentinels.sentinels().get(0).kill();
    sentinels.sentinels().get(1).freeze();
    long began = System.nanoTime();
    try (Traffic traffic = traffic()) {
      traffic.begin();
      System.out.printf(
          "failover: sentinel, one killed and one frozen: three applications are connected and 20"
              + " messages handled after %d ms%n",
          Duration.ofNanos(System.nanoTime() - began).toMillis());
      traffic.end();
    }
  }
}
