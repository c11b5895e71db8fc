package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.testing.OwnRedis;
import io.millstream.testing.Proxy;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The server is well; what is between it and the workers is not. */
@Tag("trouble")
class BrokenConnectionTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static OwnRedis redis;

  @BeforeAll
  static void startServer() {
    redis = TestRedis.startOwn();
  }

  @AfterAll
  static void stopServer() {
    redis.close();
  }

  @Test
  void connectionsThatAreCutInTheMidstOfAReplyAreReplaced() {
    try (Proxy proxy = new Proxy(redis.port());
        Ordeal ordeal = new Ordeal(redis, "connections cut in the midst of a reply")) {
      ordeal.begin(proxy.uri(), UnaryOperator.identity());
      // 3 bytes: the reply has begun and is not whole, whatever it is
      ordeal.trouble(() -> proxy.cutAfter(3));
      await().atMost(SOON).until(proxy::hasCut);
      ordeal.heal(() -> {}).checkNothingWasLostOrSpent();
      ordeal.checkLog();
      assertThat(ordeal.log().lines("Disconnected")).isNotEmpty();
    }
  }

  @Test
  void halfOpenConnectionsAreGivenUpAfterTheCommandTimeout() {
    try (Proxy proxy = new Proxy(redis.port());
        Ordeal ordeal = new Ordeal(redis, "half-open connections")) {
      ordeal.begin(proxy.uri(), UnaryOperator.identity());
      long blackAt = System.nanoTime();
      ordeal.trouble(
          () -> {
            proxy.blackHole();
            proxy.refuse(); // so that the moment of healing is known
          });
      ordeal.awaitBackingOff(Duration.ofSeconds(15), "");
      System.out.printf(
          "trouble: half-open connections: noticed after %d ms%n",
          (System.nanoTime() - blackAt) / 1_000_000);
      ordeal.checkLog();
      ordeal.heal(proxy::welcome).checkNothingWasLostOrSpent();
    }
  }

  @Test
  void howeverLongConnectionsWereRefusedTheNextOneIsTriedSoon() {
    try (Proxy proxy = new Proxy(redis.port());
        Ordeal ordeal = new Ordeal(redis, "connections refused for 8 s")) {
      ordeal.begin(proxy.uri(), UnaryOperator.identity());
      ordeal.trouble(
          () -> {
            proxy.refuse();
            proxy.cut();
          });
      ordeal.awaitBackingOff(SOON, "").endure(Duration.ofSeconds(8)).checkLog();
      System.out.printf(
          "trouble: connections refused: %d attempts of 2 workers in 8 s%n", proxy.refused());
      assertThat(proxy.refused()).isLessThan(2 * 5 * 8);
      ordeal.heal(proxy::welcome).checkNothingWasLostOrSpent();
    }
  }
}
