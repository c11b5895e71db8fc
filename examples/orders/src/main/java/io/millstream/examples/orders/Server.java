package io.millstream.examples.orders;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.millstream.Millstream;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.test.redis.InMemoryRedis;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.scheduler.Schedulers;

/** Where the story takes place: a Redis in memory, or a real one. */
interface Server {
  /** A Millstream of its own, as another process would have it. */
  Millstream connect();

  /** DEL. */
  void delete(List<String> keys);

  /** For people. */
  String name();

  /**
   * As the options say: on a real server, or in memory, where others may look inside.
   *
   * @param uri of a real server, or blank
   * @param port where the one in memory listens, or blank
   * @throws IllegalArgumentException if one is malformed, or if both are given
   */
  static Server choose(String uri, String port) {
    if (port.isBlank()) {
      return uri.isBlank() ? inMemory() : redis(uri);
    }
    if (!uri.isBlank()) {
      throw new IllegalArgumentException(
          "port: " + port + ", expected none with redis: it opens the Redis in memory");
    }
    try {
      InMemoryServer server = InMemoryServer.create(Schedulers.parallel());
      return inMemory(
          server, "in memory at " + InMemoryRedis.start(Integer.parseInt(port), server).uri());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("port: '" + port + "', expected 0 to 65535", e);
    }
  }

  /** A Redis in memory, empty. */
  static Server inMemory() {
    return inMemory(InMemoryServer.create(Schedulers.parallel()), "in memory");
  }

  private static Server inMemory(InMemoryServer server, String name) {
    return new Server() {
      @Override
      public Millstream connect() {
        return Millstream.inMemory(server);
      }

      @Override
      public void delete(List<String> keys) {
        keys.forEach(server::delete);
      }

      @Override
      public String name() {
        return name;
      }
    };
  }

  /**
   * A Redis or Valkey server.
   *
   * @throws IllegalArgumentException if the URI is malformed
   */
  static Server redis(String uri) {
    RedisURI parsed;
    try {
      parsed = RedisURI.create(uri);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "redis: a malformed URI, expected redis://[[user:]password@]host[:port]", e);
    }
    return new Server() {
      @Override
      public Millstream connect() {
        return Millstream.connect(uri);
      }

      @Override
      public void delete(List<String> keys) {
        RedisClient client = RedisClient.create(parsed);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
          connection.sync().del(keys.toArray(String[]::new));
        } catch (RedisConnectionException e) {
          throw new IllegalStateException("redis: no connection to " + name() + ": " + root(e), e);
        } finally {
          client.shutdown();
        }
      }

      @Override
      public String name() {
        return parsed.getHost() + ":" + parsed.getPort();
      }
    };
  }

  private static String root(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .reduce((outer, inner) -> inner)
        .map(Throwable::getMessage)
        .orElse("");
  }
}
