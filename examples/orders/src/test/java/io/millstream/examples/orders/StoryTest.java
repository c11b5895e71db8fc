package io.millstream.examples.orders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

class StoryTest {
  private static final long SEED = 42;

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  private Account run(String key, Server server) {
    Progress progress = new Progress(new PrintStream(shown, true, UTF_8), Schedulers.parallel());
    return new Story(key, server, new Scenario(SEED), progress).run();
  }

  private static Account expected() {
    return new Account(
        300,
        299,
        Map.of("worker-1", 179, "worker-2", 120),
        0,
        16,
        4,
        1,
        "order 15, 5 deliveries: the amount is in no known currency",
        0);
  }

  @Test
  void theAccountBalancesInMemory() {
    Account account = run("order:events", Server.inMemory());

    assertThat(account).isEqualTo(expected());
    assertThat(account.balances()).isTrue();
    assertThat(shown.toString(UTF_8))
        .contains("order 15 fails at worker-", "worker-2 dies with 4 orders in hand")
        .containsPattern("worker-1 takes over order \\d+ from worker-2");
  }

  @Test
  void theAccountIsTheSameOnARealServerWhateverAnEarlierRunLeftBehind() {
    String key = TestRedis.key();
    String deadLetters = "{" + key + "}:order-workers:dlq";
    String other = TestRedis.key();
    try (RespConnection redis = TestRedis.connect()) {
      redis.text("SET", other, "not ours");
      redis.text("XADD", key, "*", "payload", "of an earlier run");
      redis.text("XADD", deadLetters, "*", "payload", "of an earlier run");

      assertThat(run(key, Server.redis(TestRedis.uri()))).isEqualTo(expected());

      assertThat(redis.text("GET", other)).isEqualTo("not ours");
      assertThat(redis.call("XLEN", key)).isEqualTo(300L);
      assertThat(redis.call("XLEN", deadLetters)).isEqualTo(1L);
      assertThat(redis.list("XPENDING", key, "order-workers").get(0)).isEqualTo(0L);
    }
  }
}
