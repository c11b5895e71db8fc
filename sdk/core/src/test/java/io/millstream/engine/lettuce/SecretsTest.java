package io.millstream.engine.lettuce;

import static io.millstream.engine.lettuce.Engines.PATIENCE;
import static io.millstream.engine.lettuce.Engines.failure;
import static io.millstream.engine.lettuce.Engines.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.Engine;
import io.millstream.engine.RedisException;
import io.millstream.policy.RetryPolicy;
import io.millstream.testing.CapturedLogs;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.worker.Worker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** No password and no payload is ever said: not in a log, an exception or a {@code toString}. */
@Tag("redis")
class SecretsTest {
  private static final String PASSWORD = "Pa55-of-the-worker";
  private static final String WRONG = "Wr0ng-pa55";
  private static final String PAYLOAD = "p4yload-of-a-customer";

  private final List<String> said = new ArrayList<>();
  private OwnRedis redis;
  private CapturedLogs ours;
  private CapturedLogs lettuces;

  @BeforeEach
  void start() {
    redis = TestRedis.startOwn();
    try (RespConnection admin = redis.connect()) {
      admin.call("ACL", "SETUSER", "worker", "on", ">" + PASSWORD, "~*", "&*", "+@all");
      admin.call("CONFIG", "SET", "requirepass", "not-for-you");
    }
    ours = CapturedLogs.of("io.millstream", Level.TRACE);
    lettuces = CapturedLogs.of("io.lettuce", Level.INFO);
  }

  @AfterEach
  void stop() {
    ours.close();
    lettuces.close();
    redis.close();
  }

  private String uri(String password) {
    return redis.uri().replace("//", "//worker:" + password + "@");
  }

  private void say(Object what) {
    said.add(what.toString());
  }

  private void sayWithCauses(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text, true));
    said.add(text.toString());
  }

  private void assertNothingWasSaid(String... secrets) {
    assertThat(ours.all()).as("the capture works").isNotEmpty();
    said.addAll(ours.all());
    said.addAll(lettuces.all());
    for (String line : said) {
      assertThat(line).doesNotContain(secrets);
    }
  }

  private void handleOneAndGiveUpAnother(Millstream millstream) {
    MessageStream<String> jobs = MessageStream.string("jobs");
    List<String> handled = new CopyOnWriteArrayList<>();
    Worker worker =
        millstream
            .worker(jobs, "workers")
            .retry(RetryPolicy.exponential(Duration.ofMillis(10)).maxDeliveries(2))
            .handle(
                message -> {
                  say(message);
                  return message.payload().startsWith("bad")
                      ? Mono.error(new IllegalStateException("cannot"))
                      : Mono.fromRunnable(() -> handled.add(message.payload()));
                })
            .start();
    say(worker);
    say(jobs);
    say(millstream.publisher(jobs));
    millstream.publisher(jobs).publish(PAYLOAD).block(PATIENCE);
    millstream.publisher(jobs).publish("bad " + PAYLOAD).block(PATIENCE);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(handled).containsExactly(PAYLOAD);
              assertThat(millstream.engine().streams().length("{jobs}:workers:dlq").block(PATIENCE))
                  .isEqualTo(1);
            });
    worker.stop().block(PATIENCE);
  }

  private void sayAll(Millstream millstream) {
    Engine engine = millstream.engine();
    say(millstream);
    say(engine);
    say(engine.streams());
    say(engine.groups());
    say(engine.steps());
    say(engine.signals());
  }

  @Test
  void aSessionThatGoesWellSaysNoSecrets() {
    try (Millstream millstream = Millstream.connect(uri(PASSWORD))) {
      handleOneAndGiveUpAnother(millstream);
      sayAll(millstream);
      say(get(millstream.engine().openReader()));
    }
    say(Settings.DEFAULT);
    assertNothingWasSaid(PASSWORD, PAYLOAD);
  }

  @Test
  void aUsersClientSaysNoSecrets() {
    RedisClient client = RedisClient.create(uri(PASSWORD));
    try (Millstream millstream = Millstream.using(client)) {
      handleOneAndGiveUpAnother(millstream);
      sayAll(millstream);
    } finally {
      client.shutdown();
    }
    assertNothingWasSaid(PASSWORD, PAYLOAD);
  }

  @Test
  void aWrongPasswordIsNotSaid() {
    try (Millstream millstream = Millstream.connect(uri(WRONG))) {
      RedisException error = failure(millstream.engine().streams().length("s"));
      assertThat(error.code()).isEqualTo("WRONGPASS");
      sayWithCauses(error);
      sayAll(millstream);
    }
    assertNothingWasSaid(WRONG);
  }

  @Test
  void aServerThatIsAwayIsNamedWithoutThePassword() {
    redis.kill();
    try (Millstream millstream = Millstream.connect(uri(PASSWORD))) {
      RedisException error = failure(millstream.engine().streams().length("s"));
      assertThat(error).hasMessageContaining("127.0.0.1");
      sayWithCauses(error);
      MessageStream<String> jobs = MessageStream.string("jobs");
      sayWithCauses(
          catchThrowable(() -> millstream.publisher(jobs).publish(PAYLOAD).block(PATIENCE)));
      sayAll(millstream);
    }
    assertNothingWasSaid(PASSWORD, PAYLOAD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://worker:%s@127.0.0.1:notaport",
        "redis://worker:%s@",
        "redis://worker:%s@host:6379:6379",
        "redis://worker:a/%s@host",
        "redis://worker:%s/b@host",
        "redis://worker:%s?c@host",
        "redis://worker:%s#d@host",
        "redis://worker:%s%%zz@host",
        "redis:/worker:%s@host",
        "redis:worker:%s@host",
        "worker:%s@host:6379",
        "http://worker:%s@host",
        "rediss://worker:%s@ho st",
        "redis-sentinel://worker:%s@host:26379",
        "redis-sentinel://worker:%s@host:26379?sentinelMasterId=m"
      })
  void aMalformedUriIsSaidWithoutThePassword(String malformed) {
    Throwable error =
        catchThrowable(() -> Millstream.connect(String.format(malformed, PASSWORD)).close());
    assertThat(error).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("uri: ");
    assertThat(error.getMessage()).doesNotContain("\n");
    sayWithCauses(error);
    for (String line : said) {
      assertThat(line).doesNotContain(PASSWORD);
    }
  }

  @Test
  void sentinelsAreRefusedWithoutSayingAPassword() {
    RedisURI secret =
        RedisURI.Builder.sentinel("127.0.0.1", 26379, "m", PASSWORD)
            .withAuthentication("worker", PASSWORD)
            .build();
    sayWithCauses(
        catchThrowable(() -> LettuceEngine.connect(secret, Schedulers.parallel()).close()));
    assertThat(said.get(0)).contains("expected one server, not Sentinels");
    assertThat(said.get(0)).doesNotContain(PASSWORD);
  }
}
