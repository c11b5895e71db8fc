package io.millstream.test.redis;

import io.millstream.testing.Capability;
import org.junit.jupiter.api.AfterAll;

/** The Redis in memory keeps the rules of the wire. */
class InMemoryRedisWireTest extends WireContract {
  private static final InMemoryRedis REDIS = InMemoryRedis.start();

  InMemoryRedisWireTest() {
    super(REDIS.uri());
  }

  /** It models Redis 8.0, which has them all. */
  @Override
  boolean has(Capability capability) {
    return true;
  }

  @AfterAll
  static void stop() {
    REDIS.close();
  }
}
