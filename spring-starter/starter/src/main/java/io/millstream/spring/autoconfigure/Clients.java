package io.millstream.spring.autoconfigure;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Finds the Lettuce client of a connection factory, or says why Millstream cannot use it. */
final class Clients {
  /** The bean name of Boot's own factory. */
  private static final String BOOTS_OWN = "redisConnectionFactory";

  private final ObjectProvider<DataRedisConnectionDetails> details;

  Clients(ObjectProvider<DataRedisConnectionDetails> details) {
    this.details = details;
  }

  /**
   * The client, which stays the factory's.
   *
   * @param name the factory's bean name
   * @throws MisconfiguredException if it is none that Millstream works on
   */
  RedisClient of(String name, RedisConnectionFactory factory) {
    if (!(factory instanceof LettuceConnectionFactory lettuce)) {
      throw new MisconfiguredException(
          "Millstream works over Lettuce, and the connection factory '"
              + name
              + "' is a "
              + factory.getClass().getSimpleName()
              + ".",
          "Remove spring.data.redis.client-type=jedis (or set it to lettuce), name a Lettuce"
              + " factory with 'connectionFactory', or switch Millstream off with"
              + " millstream.enabled=false.");
    }
    DataRedisConnectionDetails known = details.getIfUnique();
    if (name.equals(BOOTS_OWN) && known != null && known.getMasterReplica() != null) {
      throw topology(name, "a static master and replicas (spring.data.redis.masterreplica)");
    }
    if (lettuce.isRedisSentinelAware()) {
      throw topology(name, "Sentinels (spring.data.redis.sentinel)");
    }
    if (lettuce.getNativeClient() == null) {
      lettuce.start(); // it was told to start late
    }
    AbstractRedisClient client = lettuce.getRequiredNativeClient();
    if (client instanceof RedisClient single) {
      return single;
    }
    throw topology(name, "a cluster (spring.data.redis.cluster)");
  }

  private static MisconfiguredException topology(String name, String what) {
    return new MisconfiguredException(
        "The connection factory '" + name + "' leads to " + what + ".",
        "Millstream works on a single Redis or Valkey server so far: set spring.data.redis.url or"
            + " spring.data.redis.host.");
  }
}
