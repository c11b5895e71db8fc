package io.millstream.engine.lettuce;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.ProtocolVersion;
import io.millstream.engine.Engine;
import io.millstream.engine.RedisException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Engines for tests, and waiting. */
final class Engines {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private Engines() {}

  /** The default settings, but impatient. */
  static Settings settings(Duration commandTimeout) {
    return new Settings(
        commandTimeout, 16_384, Duration.ofMillis(20), Duration.ofMillis(200), () -> 0.5);
  }

  static LettuceEngine connect(String uri, Duration commandTimeout) {
    return LettuceEngine.connect(
        RedisURI.create(uri), Schedulers.parallel(), settings(commandTimeout));
  }

  static RedisClient client(String uri, ProtocolVersion protocol) {
    RedisClient client = RedisClient.create(uri);
    client.setOptions(ClientOptions.builder().protocolVersion(protocol).build());
    return client;
  }

  /** Waits until commands are taken. */
  static <E extends Engine> E connected(E engine) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> errorOf(engine.streams().length("millstream-test:none")) == null);
    return engine;
  }

  /** The value, which must come. */
  static <T> T get(Mono<T> mono) {
    return requireNonNull(mono.block(PATIENCE));
  }

  /** The error, or null if there was none. */
  @Nullable
  static RedisException errorOf(Mono<?> mono) {
    try {
      mono.block(PATIENCE);
      return null;
    } catch (RedisException e) {
      return e;
    }
  }

  /** The error, which must come. */
  static RedisException failure(Mono<?> mono) {
    return requireNonNull(errorOf(mono), "it did not fail");
  }
}
