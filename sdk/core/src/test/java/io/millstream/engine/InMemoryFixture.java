package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.memory.InMemoryServer;
import io.millstream.testing.Capability;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import org.awaitility.Awaitility;
import reactor.core.scheduler.Schedulers;

/** A server in memory, on real time so that the contracts run as they do on Redis. */
final class InMemoryFixture implements EngineFixture {
  private final InMemoryServer server = InMemoryServer.create(Schedulers.parallel());
  private final Engine engine = server.connect();
  private final Engine other = server.connect();

  @Override
  public Engine engine() {
    return engine;
  }

  @Override
  public Engine other() {
    return other;
  }

  @Override
  public Engine open() {
    return server.connect();
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
        .untilAsserted(() -> assertThat(server.blockedReads()).isEqualTo(count));
  }

  @Override
  public void deleteKey(String key) {
    assertThat(server.delete(key)).isTrue();
  }

  @Override
  public void putString(String key) {
    server.set(key, "text");
  }

  @Override
  public void close() {
    engine.close().block();
    other.close().block();
  }
}
