package io.millstream.test.redis;

import io.millstream.testing.Capability;
import io.millstream.testing.TestRedis;
import org.junit.jupiter.api.Tag;

/** So do real servers: what the rules say is what they do. */
@Tag("redis")
class RealRedisWireTest extends WireContract {
  RealRedisWireTest() {
    super(TestRedis.uri());
  }

  @Override
  boolean has(Capability capability) {
    return TestRedis.has(capability);
  }
}
