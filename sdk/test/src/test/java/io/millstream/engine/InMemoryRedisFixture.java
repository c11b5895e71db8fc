package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.ProtocolVersion;
import io.millstream.engine.lettuce.LettuceEngine;
import io.millstream.test.redis.InMemoryRedis;
import io.millstream.testing.Capability;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.awaitility.Awaitility;
import reactor.core.scheduler.Schedulers;

/**
 * The Redis in memory, over its port and with Lettuce, as if it were a real one. Server and engines
 * live as long as the JVM; the tests of a protocol run one after the other.
 */
final class InMemoryRedisFixture implements EngineFixture {
  private static final Map<ProtocolVersion, Shared> SHARED = new EnumMap<>(ProtocolVersion.class);

  private record Shared(InMemoryRedis redis, RedisClient client, Engine engine, Engine other) {
    static Shared create(ProtocolVersion protocol) {
      InMemoryRedis redis = InMemoryRedis.start();
      RedisClient client = RedisClient.create(redis.uri());
      client.setOptions(ClientOptions.builder().protocolVersion(protocol).build());
      Runtime.getRuntime().addShutdownHook(new Thread(client::shutdown, "shutdown-" + protocol));
      return new Shared(redis, client, connect(client), connect(client));
    }
  }

  private final Shared shared;

  InMemoryRedisFixture(ProtocolVersion protocol) {
    synchronized (SHARED) {
      shared = SHARED.computeIfAbsent(protocol, Shared::create);
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

  /** It models Redis 8.0, which has them all. */
  @Override
  public boolean has(Capability capability) {
    return true;
  }

  @Override
  public void awaitBlockedReaders(int count) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .untilAsserted(() -> assertThat(shared.redis.server().blockedReads()).isEqualTo(count));
  }

  @Override
  public void deleteKey(String key) {
    assertThat(shared.redis.server().delete(key)).isTrue();
  }

  @Override
  public void putString(String key) {
    shared.redis.server().set(key, "text");
  }

  /** What is open stays open for the next test. */
  @Override
  public void close() {}
}
