package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that is not there, or does not answer, or not yet. */
@Tag("trouble")
class ServerAwayTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  /** The longest that a command may wait for its reply. */
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

  private static OwnRedis persistent(String... more) {
    String[] args = new String[more.length + 4];
    args[0] = "--appendonly";
    args[1] = "yes";
    args[2] = "--appendfsync";
    args[3] = "always";
    System.arraycopy(more, 0, args, 4, more.length);
    return TestRedis.startOwn(args);
  }

  @Test
  void aServerThatIsRestartedIsReconnectedToAtOnce() {
    try (OwnRedis redis = TestRedis.startOwn("--appendonly", "yes");
        Ordeal ordeal = new Ordeal(redis, "redis restarted")) {
      ordeal.begin().trouble(redis::restart).heal(() -> {}).checkNothingWasLostOrSpent();
      ordeal.checkLog();
    }
  }

  @Test
  void aServerThatIsAwayForLongIsReconnectedToSoonAfterItIsBack() {
    try (OwnRedis redis = persistent();
        Ordeal ordeal = new Ordeal(redis, "redis killed, started again after 6 s")) {
      ordeal.begin().trouble(redis::kill).awaitBackingOff(SOON, "");
      ordeal.endure(Duration.ofSeconds(6)).checkLog();
      ordeal.heal(redis::restart).checkNothingWasLostOrSpent();
      ordeal.checkLog();
    }
  }

  @Test
  void aServerThatIsFrozenForLessThanTheCommandTimeoutIsNoTroubleAtAll() {
    try (OwnRedis redis = TestRedis.startOwn();
        Ordeal ordeal = new Ordeal(redis, "redis frozen for 5 s")) {
      Scene scene = ordeal.begin().trouble(redis::freeze).scene;
      scene.open();
      await()
          .during(Ordeal.TROUBLE)
          .atMost(SOON)
          .until(() -> scene.workers.stream().allMatch(w -> w.state() == WorkerState.RUNNING));
      ordeal.heal(redis::resume).checkNothingWasLostOrSpent();
      assertThat(ordeal.log().lines()).noneMatch(line -> line.contains("backing off"));
    }
  }

  @Test
  void aServerThatIsFrozenForMoreThanTheCommandTimeoutIsReconnectedTo() {
    try (OwnRedis redis = TestRedis.startOwn();
        Ordeal ordeal = new Ordeal(redis, "redis frozen for more than the command timeout")) {
      ordeal.begin().trouble(redis::freeze);
      ordeal.awaitBackingOff(COMMAND_TIMEOUT.plusSeconds(5), "").checkLog();
      ordeal.heal(redis::resume).checkNothingWasLostOrRunTwice();
    }
  }

  @Test
  void aServerThatLoadsItsDataIsWaitedFor() {
    // 10,000 keys at half a millisecond each
    try (OwnRedis redis = persistent("--key-load-delay", "500");
        Ordeal ordeal = new Ordeal(redis, "LOADING")) {
      try (RespConnection admin = redis.connect()) {
        admin.call("EVAL", "for i = 1, 10000 do redis.call('SET', 'k' .. i, i) end", "0");
      }
      ordeal.begin().trouble(redis::begin).awaitBackingOff(SOON, "");
      await().atMost(SOON).until(() -> !ordeal.log().lines("LOADING").isEmpty());
      ordeal.heal(() -> {}).checkNothingWasLostOrSpent();
      ordeal.checkLog();
    }
  }
}
