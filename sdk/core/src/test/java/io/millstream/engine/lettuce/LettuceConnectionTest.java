package io.millstream.engine.lettuce;

import static io.millstream.engine.lettuce.Engines.PATIENCE;
import static io.millstream.engine.lettuce.Engines.connected;
import static io.millstream.engine.lettuce.Engines.failure;
import static io.millstream.engine.lettuce.Engines.get;
import static io.millstream.engine.lettuce.Engines.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.Consumer;
import io.lettuce.core.LettuceVersion;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.event.command.CommandListener;
import io.lettuce.core.protocol.ProtocolVersion;
import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.Proxy;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What happens when connections are not there, break, hang, or belong to a user's client. */
class LettuceConnectionTest {
  private static final Duration IMPATIENT = Duration.ofMillis(400);
  private static final Fields FIELDS = Fields.of("f", "v");

  private OwnRedis redis;

  @BeforeEach
  void start() {
    redis = TestRedis.startOwn();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void commandsFailAtOnceWhileThereIsNoServerAndWorkOnceItIsThere() {
    redis.kill();
    LettuceEngine engine = Engines.connect(redis.uri(), Duration.ofSeconds(10));
    try {
      assertThat(failure(engine.streams().length("s")).code()).isEqualTo(RedisException.CONNECTION);
      assertThat(failure(engine.openReader()).code()).isEqualTo(RedisException.CONNECTION);
      await()
          .untilAsserted(
              () ->
                  assertThat(failure(engine.streams().length("s")))
                      .hasMessageContaining("Connection refused"));

      redis.restart();

      assertThat(get(connected(engine).streams().length("s"))).isZero();
    } finally {
      engine.close().block();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void commandsFailWithTheCodeOfTheFailedLogin(ProtocolVersion protocol) {
    try (RespConnection admin = redis.connect()) {
      admin.call("CONFIG", "SET", "requirepass", "secret");
    }
    for (var login : Map.of("", "NOAUTH", ":wrong@", "WRONGPASS").entrySet()) {
      RedisClient client =
          Engines.client(redis.uri().replace("//", "//" + login.getKey()), protocol);
      LettuceEngine engine =
          LettuceEngine.using(client, Schedulers.parallel(), settings(IMPATIENT));
      try {
        await()
            .untilAsserted(
                () ->
                    assertThat(failure(engine.streams().length("s")).code())
                        .isEqualTo(login.getValue()));
        assertThat(failure(engine.streams().length("s")))
            .hasMessageStartingWith(login.getValue() + " ");
        assertThat(failure(engine.openReader()).code()).isEqualTo(login.getValue());
      } finally {
        engine.close().block();
        client.shutdown();
      }
    }
  }

  @Test
  void tellsOfEachConnectionAndCompletesWhenClosed() {
    List<String> seen = new CopyOnWriteArrayList<>();
    redis.kill();
    LettuceEngine engine = Engines.connect(redis.uri(), IMPATIENT);
    engine
        .events()
        .subscribe(e -> seen.add(e.name()), e -> seen.add("error"), () -> seen.add("end"));

    redis.restart();
    await().untilAsserted(() -> assertThat(seen).containsExactly("CONNECTED"));
    redis.restart();
    await()
        .untilAsserted(
            () -> assertThat(seen).containsExactly("CONNECTED", "DISCONNECTED", "CONNECTED"));
    engine.close().block();
    engine.close().block();

    assertThat(seen).containsExactly("CONNECTED", "DISCONNECTED", "CONNECTED", "end");
    assertThat(failure(engine.streams().length("s")))
        .hasMessageContaining("closed")
        .satisfies(e -> assertThat(e.code()).isEqualTo(RedisException.CONNECTION));
    assertThat(failure(engine.openReader()).code()).isEqualTo(RedisException.CONNECTION);
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void whatWasUnderWayWhenTheConnectionBrokeIsNeverSentAgain(ProtocolVersion protocol) {
    try (Proxy proxy = new Proxy(redis.port())) {
      RedisClient client = Engines.client(proxy.uri(), protocol);
      assertThat(client.getOptions().isAutoReconnect()).isTrue();
      LettuceEngine engine = connected(LettuceEngine.using(client, Schedulers.parallel()));
      StatefulRedisConnection<String, String> lettuces = client.connect();
      try {
        proxy.hold();
        CompletableFuture<EntryId> ours = engine.streams().add("ours", FIELDS).toFuture();
        var replayed = lettuces.async().xadd("lettuces", Map.of("f", "v"));
        await().until(proxy::holdsSomething);
        proxy.cut();

        assertThat(failure(Mono.fromFuture(ours)).code()).isEqualTo(RedisException.CONNECTION);
        assertThat(replayed.toCompletableFuture()).succeedsWithin(PATIENCE);
        assertThat(get(connected(engine).streams().length("lettuces"))).isEqualTo(1);
        assertThat(get(engine.streams().length("ours"))).isZero();
      } finally {
        engine.close().block();
        client.shutdown();
      }
    }
  }

  @Test
  void afterATimeoutTheOldConnectionIsDeadBeforeTheNewOneTakesCommands() {
    List<String> clientsWhenConnected = new CopyOnWriteArrayList<>();
    try (Proxy proxy = new Proxy(redis.port());
        RespConnection admin = redis.connect()) {
      LettuceEngine engine = connected(Engines.connect(proxy.uri(), IMPATIENT));
      try {
        engine
            .events()
            .filter(ConnectionEvent.CONNECTED::equals)
            .subscribe(e -> clientsWhenConnected.add(ourClients(admin)));
        proxy.hold();
        CompletableFuture<EntryId> add = engine.streams().add("s", FIELDS).toFuture();

        RedisException error = failure(Mono.fromFuture(add));
        assertThat(error.code()).isEqualTo(RedisException.TIMEOUT);
        assertThat(error).hasMessage("no reply to XADD in time");
        await().untilAsserted(() -> assertThat(clientsWhenConnected).hasSize(1));

        assertThat(clientsWhenConnected.get(0).lines()).as("the new connection").hasSize(1);
        proxy.release();
        assertThat(get(engine.streams().length("s"))).isZero();
      } finally {
        engine.close().block();
      }
    }
  }

  @Test
  void aTimeoutFailsOnlyWhatIsLateWithTimeoutAndTheRestWithConnection() {
    LettuceEngine engine = connected(Engines.connect(redis.uri(), Duration.ofSeconds(1)));
    try {
      redis.freeze();
      CompletableFuture<Long> first = engine.streams().length("s").toFuture();
      Mono.delay(Duration.ofMillis(300)).block();
      CompletableFuture<Long> second = engine.streams().length("s").toFuture();

      assertThat(failure(Mono.fromFuture(first)).code()).isEqualTo(RedisException.TIMEOUT);
      assertThat(failure(Mono.fromFuture(second)).code()).isEqualTo(RedisException.CONNECTION);

      redis.resume();
      connected(engine);
    } finally {
      engine.close().block();
    }
  }

  @Test
  void aStrangerWithTheIdOfALostConnectionIsNotKilled() {
    LettuceEngine engine = connected(Engines.connect(redis.uri(), IMPATIENT));
    try (RespConnection stranger = redis.connect()) {
      long id = Long.parseLong(stranger.call("CLIENT", "ID") + "");
      Sender sender = engine.sender();

      assertThat(get(sender.send(new Identity(id, "127.0.0.1:1").kill(), Decode::number))).isZero();
      assertThat(stranger.call("PING")).isEqualTo("PONG");
    } finally {
      engine.close().block();
    }
  }

  @Test
  void moreCommandsThanMayWaitAreRefusedWithoutBeingSent() {
    Settings two =
        new Settings(
            Duration.ofSeconds(10), 2, Duration.ofMillis(20), Duration.ofMillis(200), () -> 0.5);
    LettuceEngine engine =
        connected(LettuceEngine.connect(RedisURI.create(redis.uri()), Schedulers.parallel(), two));
    try {
      redis.freeze();
      CompletableFuture<EntryId> first = engine.streams().add("s", FIELDS).toFuture();
      CompletableFuture<EntryId> second = engine.streams().add("s", FIELDS).toFuture();

      RedisException refusal = failure(engine.streams().add("s", FIELDS));
      assertThat(refusal.code()).isEqualTo("BUSY");
      assertThat(refusal.outcomeUnknown()).isFalse();

      redis.resume();
      assertThat(first).succeedsWithin(PATIENCE);
      assertThat(second).succeedsWithin(PATIENCE);
      assertThat(get(engine.streams().length("s"))).isEqualTo(2);
    } finally {
      engine.close().block();
    }
  }

  @Test
  void closingFailsWhatIsUnderWayAndLeavesTheUsersClientAlone() {
    RedisClient client = RedisClient.create(redis.uri());
    ClientOptions options = client.getOptions();
    LettuceEngine engine = connected(LettuceEngine.using(client, Schedulers.parallel()));
    try (RespConnection admin = redis.connect()) {
      engine.groups().create("s", "g", CreateArgs.from("0")).block();
      Reader reader = get(engine.openReader());
      CompletableFuture<?> read = reader.read(forever("s")).toFuture();
      awaitBlocked(admin, 1);

      engine.close().block();

      assertThat(failure(Mono.fromFuture(read)).code()).isEqualTo(RedisException.CONNECTION);
      assertThat(client.connect().sync().ping()).isEqualTo("PONG");
      assertThat(client.getOptions()).isSameAs(options);
    } finally {
      client.shutdown();
    }
  }

  @Test
  void aReaderWhoseConnectionIsKilledIsSpent() {
    LettuceEngine engine = connected(Engines.connect(redis.uri(), IMPATIENT));
    try (RespConnection admin = redis.connect()) {
      engine.groups().create("s", "g", CreateArgs.from("0")).block();
      Reader reader = get(engine.openReader());
      CompletableFuture<?> read = reader.read(forever("s")).toFuture();
      admin.call("CLIENT", "KILL", "ID", awaitBlocked(admin, 1));

      assertThat(failure(Mono.fromFuture(read)).code()).isEqualTo(RedisException.CONNECTION);
      assertThat(failure(reader.read(forever("s"))).code()).isEqualTo(RedisException.CONNECTION);
      assertThat(get(reader.unblock())).isFalse();
      assertThat(get(reader.close())).isTrue();
    } finally {
      engine.close().block();
    }
  }

  @Test
  void aReadWithoutAReplyInTimeFailsAndItsReaderIsSpent() {
    LettuceEngine engine = connected(Engines.connect(redis.uri(), IMPATIENT));
    try {
      engine.groups().create("s", "g", CreateArgs.from("0")).block();
      Reader reader = get(engine.openReader());
      redis.freeze();
      ReadArgs args = ReadArgs.fresh("s", "g", "me", 1, Duration.ofMillis(100));

      assertThat(failure(reader.read(args)).code()).isEqualTo(RedisException.TIMEOUT);
      assertThat(failure(reader.read(args)).code()).isEqualTo(RedisException.CONNECTION);
      assertThat(get(reader.close())).as("there is no connection to ask").isFalse();

      redis.resume();
      connected(engine);
    } finally {
      engine.close().block();
    }
  }

  @Test
  void aClosedReaderTakesNoEntryAnyMore() {
    try (Proxy proxy = new Proxy(redis.port());
        RespConnection admin = redis.connect()) {
      LettuceEngine engine = connected(Engines.connect(proxy.uri(), Duration.ofSeconds(10)));
      try {
        engine.groups().create("s", "g", CreateArgs.from("0")).block();
        Reader reader = get(engine.openReader());
        CompletableFuture<?> read = reader.read(forever("s")).toFuture();
        awaitBlocked(admin, 1);

        assertThat(get(reader.close())).isTrue();
        assertThat(failure(Mono.fromFuture(read)).code()).isEqualTo(RedisException.CONNECTION);
        engine.streams().add("s", FIELDS).block();
        assertThat(get(engine.groups().pending("s", "g")).count()).isZero();
        assertThat(get(reader.close())).as("closing twice").isTrue();
      } finally {
        engine.close().block();
      }
    }
  }

  @Test
  void aUserWithoutTheRightToKillIsToldThatNothingIsCertain() {
    try (RespConnection admin = redis.connect()) {
      admin.call("ACL", "SETUSER", "poor", "on", ">pw", "~*", "+@all", "-client", "+client|info");
      admin.call("ACL", "SETUSER", "poorer", "on", ">pw", "~*", "+@all", "-client");
      for (String user : List.of("poor", "poorer")) {
        LettuceEngine engine =
            connected(Engines.connect(redis.uri().replace("//", "//" + user + ":pw@"), IMPATIENT));
        try {
          engine.streams().add(user, FIELDS).block();
          engine.groups().create(user, "g", CreateArgs.from("0")).block();
          Reader reader = get(engine.openReader());
          assertThat(get(reader.read(forever(user))).get(0).entries()).hasSize(1);
          assertThat(failure(reader.unblock()).code()).isEqualTo("NOPERM");
          assertThat(get(reader.close())).isFalse();
        } finally {
          engine.close().block();
        }
      }
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // Lettuce's options do not change
  private enum Expiry {
    CONNECTION_TIMEOUT(TimeoutOptions.enabled(), false),
    FIXED(TimeoutOptions.enabled(Duration.ofMillis(300)), false),
    FIXED_WITH_LISTENER(TimeoutOptions.enabled(Duration.ofMillis(300)), true);

    private final TimeoutOptions options;
    private final boolean listener;

    Expiry(TimeoutOptions options, boolean listener) {
      this.options = options;
      this.listener = listener;
    }
  }

  @ParameterizedTest
  @EnumSource(Expiry.class)
  void aShortTimeoutOfTheUsersClientDoesNotReachBlockingReads(Expiry expiry) {
    RedisURI uri = RedisURI.create(redis.uri());
    uri.setTimeout(Duration.ofMillis(300));
    RedisClient client = RedisClient.create(uri);
    client.setOptions(ClientOptions.builder().timeoutOptions(expiry.options).build());
    if (expiry.listener) {
      client.addListener(new CommandListener() {});
    }
    LettuceEngine engine = connected(LettuceEngine.using(client, Schedulers.parallel()));
    try {
      engine.groups().create("s", "g", CreateArgs.from("0")).block();
      Reader reader = get(engine.openReader());
      ReadArgs args = ReadArgs.fresh("s", "g", "me", 1, Duration.ofSeconds(1));

      assertThat(reader.read(args).blockOptional(PATIENCE)).isEmpty();
      engine.streams().add("s", FIELDS).block();
      assertThat(get(reader.read(args)).get(0).entries()).hasSize(1);
      assertThat(get(reader.close())).isTrue();
    } finally {
      engine.close().block();
      client.shutdown();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void threeEntriesInOneReplyStayThreeWhateverLettuceMakesOfThem(ProtocolVersion protocol) {
    RedisClient client = Engines.client(redis.uri(), protocol);
    LettuceEngine engine = connected(LettuceEngine.using(client, Schedulers.parallel()));
    try {
      for (int i = 0; i < 3; i++) {
        engine.streams().add("s", Fields.of("n", Integer.toString(i))).block();
      }
      engine.groups().create("s", "g", CreateArgs.from("0")).block();
      engine.groups().create("s", "lettuces", CreateArgs.from("0")).block();
      Reader reader = get(engine.openReader());

      assertThat(get(reader.read(ReadArgs.fresh("s", "g", "me", 10, null))).get(0).entries())
          .extracting(entry -> entry.fields().text("n"))
          .containsExactly("0", "1", "2");

      assertThat(lettucesOwnReading(client)).hasSize(lettuceIsWrong(protocol) ? 1 : 3);
    } finally {
      engine.close().block();
      client.shutdown();
    }
  }

  @SuppressWarnings("unchecked") // the array is Lettuce's varargs
  private static List<?> lettucesOwnReading(RedisClient client) {
    return client
        .connect()
        .sync()
        .xreadgroup(
            Consumer.from("lettuces", "me"),
            XReadArgs.Builder.count(10),
            XReadArgs.StreamOffset.lastConsumed("s"));
  }

  /** Lettuce 7.1 to 7.6 make one message of three under RESP2 (its issue 3800). */
  private static boolean lettuceIsWrong(ProtocolVersion protocol) {
    String[] version = LettuceVersion.getVersion().split("\\.", -1);
    int minor = Integer.parseInt(version[1]);
    return protocol == ProtocolVersion.RESP2 && version[0].equals("7") && minor >= 1 && minor <= 6;
  }

  private static ReadArgs forever(String key) {
    return ReadArgs.fresh(key, "g", "me", 1, Duration.ZERO);
  }

  /** Waits until that many clients are blocked, and returns the id of the last one. */
  private static String awaitBlocked(RespConnection admin, int count) {
    await()
        .until(
            () ->
                admin
                        .text("CLIENT", "LIST")
                        .lines()
                        .filter(l -> l.contains("cmd=xreadgroup"))
                        .count()
                    == count);
    return admin
        .text("CLIENT", "LIST")
        .lines()
        .filter(line -> line.contains("cmd=xreadgroup"))
        .map(line -> line.substring(3, line.indexOf(' ')))
        .findFirst()
        .orElseThrow();
  }

  private static String ourClients(RespConnection admin) {
    return String.join(
        "\n",
        admin
            .text("CLIENT", "LIST")
            .lines()
            .filter(line -> line.contains("name=millstream"))
            .toList());
  }
}
