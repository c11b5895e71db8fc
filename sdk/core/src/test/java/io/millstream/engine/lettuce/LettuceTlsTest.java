package io.millstream.engine.lettuce;

import static io.millstream.engine.lettuce.Engines.PATIENCE;
import static io.millstream.engine.lettuce.Engines.connected;
import static io.millstream.engine.lettuce.Engines.failure;
import static io.millstream.engine.lettuce.Engines.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.RedisException;
import io.millstream.engine.Signal;
import io.millstream.testing.CapturedLogs;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.testing.TlsProxy;
import io.millstream.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code rediss://}: whom the engine trusts, and that everything works on it. */
@Tag("redis")
class LettuceTlsTest {
  private static final String LOGIN = "worker:pass%3Aword@";

  private OwnRedis redis;
  private TlsProxy tls;

  @BeforeEach
  void start() {
    redis = TestRedis.startOwn();
    tls = new TlsProxy(redis.port());
    try (RespConnection admin = redis.connect()) {
      admin.call("ACL", "SETUSER", "worker", "on", ">pass:word", "~*", "&*", "+@all");
      admin.call("CONFIG", "SET", "requirepass", "not-for-you");
    }
  }

  @AfterEach
  void stop() {
    tls.close();
    redis.close();
  }

  private String uri(String login, String options) {
    return "rediss://" + login + "127.0.0.1:" + tls.port() + options;
  }

  /** A client that trusts the proxy's certificate and checks everything. */
  private RedisClient trusting(String uri) {
    RedisClient client = RedisClient.create(uri);
    client.setOptions(
        ClientOptions.builder()
            .sslOptions(
                SslOptions.builder()
                    .jdkSslProvider()
                    .truststore(tls.trustStore(), TlsProxy.STORE_PASSWORD)
                    .build())
            .build());
    return client;
  }

  private static void publishesHandlesAndSignals(Millstream millstream) {
    MessageStream<String> jobs = MessageStream.string("jobs");
    List<String> handled = new CopyOnWriteArrayList<>();
    List<Signal> told = new CopyOnWriteArrayList<>();
    Worker worker =
        millstream
            .worker(jobs, "workers")
            .handle(message -> Mono.fromRunnable(() -> handled.add(message.payload())))
            .start();
    millstream.engine().signals().listen("c").subscribe(told::add);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).contains(Signal.LISTENING));
    millstream.publisher(jobs).publish("first").block(PATIENCE);
    millstream.publisher(jobs).publish("x".repeat(100_000)).block(PATIENCE);
    assertThat(millstream.engine().signals().publish("c").block(PATIENCE)).isEqualTo(1);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(handled).containsExactlyInAnyOrder("first", "x".repeat(100_000));
              assertThat(told).contains(Signal.HEARD);
            });
    worker.stop().block(PATIENCE);
  }

  @Test
  void everythingWorksOnAUsersClientWithATrustStoreOfItsOwn() {
    RedisClient client = trusting(uri(LOGIN, ""));
    try (Millstream millstream = Millstream.using(client)) {
      publishesHandlesAndSignals(millstream);
    } finally {
      client.shutdown();
    }
  }

  @Test
  void everythingWorksOnAUriThatTrustsAnyone() {
    try (Millstream millstream = Millstream.connect(uri(LOGIN, "?verifyPeer=NONE"))) {
      publishesHandlesAndSignals(millstream);
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefusedAndSaidOnce() {
    try (CapturedLogs logs = CapturedLogs.of("io.millstream", Level.DEBUG)) {
      LettuceEngine engine = Engines.connect(uri(LOGIN, ""), Duration.ofSeconds(10));
      try {
        RedisException error = failure(engine.streams().length("s"));
        assertThat(error.code()).isEqualTo(RedisException.CONNECTION);
        assertThat(error).hasMessageContaining("unable to find valid certification path");
        await().until(() -> tls.connections() >= 4);
        assertThat(logs.all()).hasSize(1);
        assertThat(logs.messages(Level.WARN).get(0))
            .startsWith("Cannot connect, will keep trying: ")
            .contains("127.0.0.1")
            .endsWith("unable to find valid certification path to requested target")
            .doesNotContain("\n");
      } finally {
        engine.close().block();
      }
    }
  }

  @Test
  void aRefusedCertificateIsTriedAgainAfterADelayOnly() {
    Settings patient =
        new Settings(
            Duration.ofSeconds(10), 16, Duration.ofHours(1), Duration.ofHours(1), () -> 0.5);
    LettuceEngine engine =
        LettuceEngine.connect(RedisURI.create(uri(LOGIN, "")), Schedulers.parallel(), patient);
    try {
      for (int i = 0; i < 3; i++) {
        assertThat(failure(engine.streams().length("s")).code())
            .isEqualTo(RedisException.CONNECTION);
      }
      assertThat(tls.connections()).isEqualTo(1);
    } finally {
      engine.close().block();
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() {
    tls.close();
    tls = new TlsProxy(redis.port(), "dns:elsewhere.example");
    RedisClient client = trusting(uri(LOGIN, ""));
    try (Millstream millstream = Millstream.using(client)) {
      RedisException error = failure(millstream.engine().streams().length("s"));
      assertThat(error.code()).isEqualTo(RedisException.CONNECTION);
      assertThat(error).hasMessageContaining("127.0.0.1 found");
    } finally {
      client.shutdown();
    }
  }

  @Test
  void aWrongPasswordIsSaidAsWithoutTls() {
    RedisClient client = trusting(uri("worker:wrong@", ""));
    LettuceEngine engine =
        LettuceEngine.using(client, Schedulers.parallel(), settings(Duration.ofSeconds(10)));
    try {
      assertThat(failure(engine.streams().length("s")).code()).isEqualTo("WRONGPASS");
      try (RespConnection admin =
          new RespConnection("redis://:not-for-you@127.0.0.1:" + redis.port())) {
        admin.call("ACL", "SETUSER", "worker", ">wrong");
      }
      connected(engine);
    } finally {
      engine.close().block();
      client.shutdown();
    }
  }
}
