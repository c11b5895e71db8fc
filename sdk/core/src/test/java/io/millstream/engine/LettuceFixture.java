package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.ProtocolVersion;
import io.millstream.engine.lettuce.LettuceEngine;
import io.millstream.testing.AclLines;
import io.millstream.testing.Capability;
import io.millstream.testing.OwnSentinels;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * The tests' real server. The engines live as long as the JVM, for connecting takes longer than
 * most tests; what a test opens beside them is its own.
 */
final class LettuceFixture implements EngineFixture {
  private static final Pattern BLOCKED =
      Pattern.compile("^id=(\\d+) .* flags=\\S*b.* cmd=xreadgroup\\b", Pattern.MULTILINE);
  private static final Map<ProtocolVersion, Shared> SHARED = new EnumMap<>(ProtocolVersion.class);

  private static @Nullable Shared sharedUnderAcl; // guarded by SHARED
  private static @Nullable Shared sharedThroughSentinels; // guarded by SHARED

  /**
   * What all tests share.
   *
   * @param own the servers behind the Sentinels; null for the tests' server
   */
  private record Shared(
      RedisClient client, Engine engine, Engine other, @Nullable OwnSentinels own) {
    static Shared createThroughSentinels() {
      OwnSentinels own = OwnSentinels.start(1);
      return create(ProtocolVersion.RESP3, RedisURI.create(own.uri()), own);
    }

    RespConnection admin() {
      return own == null ? TestRedis.connect() : own.master().connect();
    }

    static Shared create(ProtocolVersion protocol) {
      return create(protocol, RedisURI.create(TestRedis.uri()), null);
    }

    /** As the user "everything" of the documentation, who goes with the JVM. */
    static Shared createUnderAcl() {
      try (RespConnection admin = TestRedis.connect()) {
        AclLines.apply(admin, AclLines.block("everything"));
      }
      Runtime.getRuntime().addShutdownHook(new Thread(Shared::deleteUser, "delete-user"));
      RedisURI uri =
          RedisURI.builder(RedisURI.create(TestRedis.uri()))
              .withAuthentication("everything", AclLines.PASSWORD)
              .build();
      return create(ProtocolVersion.RESP3, uri, null);
    }

    private static void deleteUser() {
      try (RespConnection admin = TestRedis.connect()) {
        admin.call("ACL", "DELUSER", "everything");
      } catch (UncheckedIOException e) {
        // the server has gone with the JVM too
      }
    }

    static Shared create(ProtocolVersion protocol, RedisURI uri, @Nullable OwnSentinels own) {
      RedisClient client = RedisClient.create(uri);
      client.setOptions(ClientOptions.builder().protocolVersion(protocol).build());
      Shared shared = new Shared(client, connect(client), connect(client), own);
      Runtime.getRuntime().addShutdownHook(new Thread(client::shutdown, "shutdown-" + protocol));
      return shared;
    }
  }

  private final Shared shared;
  private final RespConnection admin;
  private final long newest;

  LettuceFixture(ProtocolVersion protocol) {
    this(shared(protocol));
  }

  private static Shared shared(ProtocolVersion protocol) {
    synchronized (SHARED) {
      return SHARED.computeIfAbsent(protocol, Shared::create);
    }
  }

  private LettuceFixture(Shared shared) {
    this.shared = shared;
    this.admin = shared.admin();
    this.newest = Long.parseLong(admin.text("CLIENT", "ID"));
  }

  /** On a master of the tests' own that Sentinels name. */
  static LettuceFixture throughSentinels() {
    synchronized (SHARED) {
      if (sharedThroughSentinels == null) {
        sharedThroughSentinels = Shared.createThroughSentinels();
      }
      return new LettuceFixture(sharedThroughSentinels);
    }
  }

  /** As the user "everything" of docs/operations.md. */
  static LettuceFixture underAcl() {
    synchronized (SHARED) {
      if (sharedUnderAcl == null) {
        sharedUnderAcl = Shared.createUnderAcl();
      }
      return new LettuceFixture(sharedUnderAcl);
    }
  }

  private static Engine connect(RedisClient client) {
    Engine engine = LettuceEngine.using(client, Schedulers.parallel());
    Awaitility.await()
        .pollInterval(Duration.ofMillis(5))
        .ignoreException(RedisException.class)
        .until(() -> engine.streams().length(TestRedis.key()).block() != null);
    return engine;
  }

  @Override
  public Engine engine() {
    return shared.engine;
  }

  @Override
  public Engine other() {
    return shared.other;
  }

  @Override
  public Engine open() {
    return connect(shared.client);
  }

  @Override
  public String key() {
    return TestRedis.key();
  }

  @Override
  public boolean has(Capability capability) {
    return shared.own == null ? TestRedis.has(capability) : TestRedis.ownHas(capability);
  }

  /** Counts connections that are younger than the fixture's own: those of this test. */
  @Override
  public void awaitBlockedReaders(int count) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .untilAsserted(() -> assertThat(blockedReaders()).hasSize(count));
  }

  private List<Long> blockedReaders() {
    return BLOCKED
        .matcher(admin.text("CLIENT", "LIST"))
        .results()
        .map(match -> Long.valueOf(match.group(1)))
        .filter(id -> id > newest)
        .toList();
  }

  @Override
  public void deleteKey(String key) {
    assertThat(admin.call("DEL", key)).isEqualTo(1L);
  }

  @Override
  public void putString(String key) {
    admin.call("SET", key, "text");
  }

  @Override
  public void close() {
    admin.close();
  }
}
