package io.millstream.engine.lettuce;

import static io.millstream.engine.Signal.HEARD;
import static io.millstream.engine.Signal.LISTENING;
import static io.millstream.engine.lettuce.Engines.connected;
import static io.millstream.engine.lettuce.Engines.failure;
import static io.millstream.engine.lettuce.Engines.get;
import static io.millstream.engine.lettuce.Engines.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.ProtocolVersion;
import io.millstream.engine.RedisException;
import io.millstream.engine.Signal;
import io.millstream.testing.CapturedLogs;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.Proxy;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/** The connection that listens: when there is one, and what becomes of it. */
@Tag("redis")
class LettuceSignalsTest {
  private static final Duration IMPATIENT = Duration.ofMillis(400);

  private OwnRedis redis;
  private RespConnection admin;

  @BeforeEach
  void start() {
    redis = TestRedis.startOwn();
    admin = redis.connect();
  }

  @AfterEach
  void stop() {
    admin.close();
    redis.close();
  }

  private static Disposable listen(LettuceEngine engine, String channel, List<Signal> told) {
    return engine.signals().listen(channel).subscribe(told::add);
  }

  private List<String> listeningClients() {
    return admin
        .text("CLIENT", "LIST")
        .lines()
        .filter(line -> line.matches(".* sub=[1-9].*"))
        .toList();
  }

  private static void awaitTold(List<Signal> told, Signal... expected) {
    await().untilAsserted(() -> assertThat(told).containsExactly(expected));
  }

  @Test
  void thereIsAConnectionForListeningOnlyWhileSomebodyListens() {
    LettuceEngine engine = connected(Engines.connect(redis.uri(), IMPATIENT));
    try {
      assertThat(admin.text("CLIENT", "LIST").lines()).as("admin and the shared one").hasSize(2);
      List<Signal> told = new CopyOnWriteArrayList<>();
      Disposable first = listen(engine, "a", told);
      Disposable second = listen(engine, "b", told);
      awaitTold(told, LISTENING, LISTENING);
      assertThat(listeningClients()).hasSize(1);
      first.dispose();
      await().untilAsserted(() -> assertThat(listeningClients().get(0)).contains(" sub=1 "));
      second.dispose();
      await().untilAsserted(() -> assertThat(admin.text("CLIENT", "LIST").lines()).hasSize(2));
    } finally {
      engine.close().block();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void listensAgainWhenItsConnectionWasKilledOnAUsersClientToo(ProtocolVersion protocol) {
    RedisClient client = Engines.client(redis.uri(), protocol);
    LettuceEngine engine =
        connected(LettuceEngine.using(client, Schedulers.parallel(), settings(IMPATIENT)));
    try {
      List<Signal> told = new CopyOnWriteArrayList<>();
      Disposable subscription = listen(engine, "c", told);
      awaitTold(told, LISTENING);
      admin.call("CLIENT", "KILL", "TYPE", "pubsub");
      awaitTold(told, LISTENING, LISTENING);
      assertThat(listeningClients()).as("the user's client makes none of its own").hasSize(1);
      assertThat(get(engine.signals().publish("c"))).isEqualTo(1);
      awaitTold(told, LISTENING, LISTENING, HEARD);
      subscription.dispose();
      await().untilAsserted(() -> assertThat(listeningClients()).isEmpty());
      assertThat(client.getOptions().isAutoReconnect()).isTrue();
    } finally {
      engine.close().block();
      client.shutdown();
    }
  }

  @Test
  void listensFromWhenTheServerIsThereAndAgainAfterItsRestart() {
    redis.kill();
    LettuceEngine engine = Engines.connect(redis.uri(), IMPATIENT);
    try {
      List<Signal> told = new CopyOnWriteArrayList<>();
      listen(engine, "c", told);
      assertThat(failure(engine.signals().publish("c")).code())
          .isEqualTo(RedisException.CONNECTION);
      assertThat(told).isEmpty();
      redis.restart();
      awaitTold(told, LISTENING);
      redis.restart();
      awaitTold(told, LISTENING, LISTENING);
      assertThat(get(connected(engine).signals().publish("c"))).isEqualTo(1);
      awaitTold(told, LISTENING, LISTENING, HEARD);
    } finally {
      engine.close().block();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void askingAgainAndAgainIsNoNews(ProtocolVersion protocol) {
    RedisClient client = Engines.client(redis.uri(), protocol);
    LettuceEngine engine =
        connected(
            LettuceEngine.using(client, Schedulers.parallel(), settings(Duration.ofMillis(100))));
    try {
      List<Signal> told = new CopyOnWriteArrayList<>();
      listen(engine, "c", told);
      await().untilAsserted(() -> assertThat(subscribeCalls()).isGreaterThanOrEqualTo(4));
      assertThat(told).containsExactly(LISTENING);
      assertThat(get(engine.signals().publish("c"))).isEqualTo(1);
      awaitTold(told, LISTENING, HEARD);
    } finally {
      engine.close().block();
      client.shutdown();
    }
  }

  private long subscribeCalls() {
    return admin
        .text("INFO", "commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_subscribe:calls="))
        .map(line -> line.replaceFirst(".*?calls=(\\d+),.*", "$1"))
        .mapToLong(Long::parseLong)
        .sum();
  }

  @Test
  void aConnectionThatNeverAnswersIsGivenUpAndReplaced() {
    try (Proxy proxy = new Proxy(redis.port())) {
      LettuceEngine engine = connected(Engines.connect(proxy.uri(), IMPATIENT));
      try {
        List<Signal> told = new CopyOnWriteArrayList<>();
        listen(engine, "c", told);
        awaitTold(told, LISTENING);
        proxy.hold();
        awaitTold(told, LISTENING, LISTENING);
      } finally {
        engine.close().block();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void aRefusalIsLoggedOnceAndAskedAgainUntilItIsGranted(ProtocolVersion protocol) {
    admin.call("ACL", "SETUSER", "deaf", "on", ">pw", "~*", "+@all", "resetchannels");
    RedisClient client = Engines.client(redis.uri().replace("//", "//deaf:pw@"), protocol);
    try (CapturedLogs logs = CapturedLogs.of(Subscriptions.class.getName(), Level.DEBUG)) {
      LettuceEngine engine =
          connected(
              LettuceEngine.using(client, Schedulers.parallel(), settings(Duration.ofMillis(100))));
      try {
        List<Signal> told = new CopyOnWriteArrayList<>();
        listen(engine, "c", told);
        await().untilAsserted(() -> assertThat(refusals()).isGreaterThanOrEqualTo(3));
        assertThat(told).isEmpty();
        assertThat(logs.all()).hasSize(1);
        assertThat(logs.messages(Level.WARN).get(0))
            .startsWith("The server refuses SUBSCRIBE (NOPERM ")
            .endsWith("): no signals are heard");
        admin.call("ACL", "SETUSER", "deaf", "&c");
        awaitTold(told, LISTENING);
      } finally {
        engine.close().block();
      }
    } finally {
      client.shutdown();
    }
  }

  /** How often the ACL said no. */
  private long refusals() {
    if (!(admin.call("ACL", "LOG") instanceof List<?> rows)) {
      return 0;
    }
    return rows.stream()
        .map(row -> (List<?>) row)
        .mapToLong(row -> Long.parseLong(String.valueOf(row.get(row.indexOf("count") + 1))))
        .sum();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closingTheEngineWhileItConnectsLeavesNoConnectionBehind(boolean usersClient) {
    RedisClient client = RedisClient.create(redis.uri());
    LettuceEngine engine =
        connected(
            usersClient
                ? LettuceEngine.using(client, Schedulers.parallel(), settings(IMPATIENT))
                : Engines.connect(redis.uri(), IMPATIENT));
    List<Signal> told = new CopyOnWriteArrayList<>();
    redis.freeze();
    var completed = engine.signals().listen("c").doOnNext(told::add).then().toFuture();
    engine.close().block();
    redis.resume();
    assertThat(completed).succeedsWithin(Engines.PATIENCE);
    assertThat(told).isEmpty();
    await().untilAsserted(() -> assertThat(admin.text("CLIENT", "LIST").lines()).hasSize(1));
    client.shutdown();
  }
}
