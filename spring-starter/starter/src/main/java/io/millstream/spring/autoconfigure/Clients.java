package io.millstream.spring.autoconfigure;

import io.lettuce.core.RedisClient;
import io.millstream.Millstream;
import io.millstream.observe.Observer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Works on the Lettuce client of a connection factory, or says why Millstream cannot. */
final class Clients {
  /** The bean name of Boot's own factory. */
  private static final String BOOTS_OWN = "redisConnectionFactory";

  private final ObjectProvider<DataRedisConnectionDetails> details;

  Clients(ObjectProvider<DataRedisConnectionDetails> details) {
    this.details = details;
  }

  /**
   * A Millstream on the client, which stays the factory's. A factory that is stopped and started
   * again has another client.
   *
   * @param name the factory's bean name
   * @throws MisconfiguredException if it is none that Millstream works on
   */
  Millstream millstream(String name, RedisConnectionFactory factory, Observer observer) {
    LettuceConnectionFactory usable = usable(name, factory);
    return Millstream.using(() -> (RedisClient) usable.getRequiredNativeClient(), observer);
  }

  private LettuceConnectionFactory usable(String name, RedisConnectionFactory factory) {
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
    if (lettuce.getRequiredNativeClient() instanceof RedisClient) {
      return lettuce;
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
