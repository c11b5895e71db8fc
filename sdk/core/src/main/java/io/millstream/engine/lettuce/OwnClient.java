package io.millstream.engine.lettuce;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.ExtendedKeepAliveSupport;
import io.lettuce.core.resource.IOUringProvider;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A client of ours, with threads of its own or with those of a user's client. */
final class OwnClient {
  private static final String CLIENT_NAME = "millstream";

  private static final long QUIET_MILLIS = 100;

  private final RedisClient client;
  private final @Nullable ClientResources ownResources;

  /** On resources that somebody else will shut down. */
  OwnClient(RedisClient client) {
    this(client, null);
  }

  private OwnClient(RedisClient client, @Nullable ClientResources ownResources) {
    this.client = client;
    this.ownResources = ownResources;
  }

  /** On resources of its own. */
  static OwnClient create(Duration connectTimeout) {
    ClientResources resources =
        DefaultClientResources.builder()
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    RedisClient client = RedisClient.create(resources);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(socketOptions(connectTimeout))
            .build());
    return new OwnClient(client, resources);
  }

  private static SocketOptions socketOptions(Duration connectTimeout) {
    SocketOptions.Builder options = SocketOptions.builder().connectTimeout(connectTimeout);
    if (ExtendedKeepAliveSupport.isSupported()) {
      options.keepAlive(
          SocketOptions.KeepAliveOptions.builder()
              .enable()
              .idle(Duration.ofSeconds(30))
              .interval(Duration.ofSeconds(5))
              .count(3)
              .build());
    } else {
      options.keepAlive(true);
    }
    if (EpollProvider.isAvailable() || IOUringProvider.isAvailable()) {
      options.tcpUserTimeout(
          SocketOptions.TcpUserTimeoutOptions.builder()
              .enable()
              .tcpUserTimeout(Duration.ofSeconds(45))
              .build());
    }
    return options.build();
  }

  /** A copy with our patience, and with our name unless it has one. */
  static RedisURI named(RedisURI uri, Settings settings) {
    return named(uri, settings.commandTimeout());
  }

  /** As {@link #named(RedisURI, Settings)}; Lettuce's builder leaves Sentinels out. */
  static RedisURI named(RedisURI uri, Duration timeout) {
    RedisURI.Builder builder = RedisURI.builder(uri).withTimeout(timeout);
    if (uri.getClientName() == null) {
      builder.withClientName(CLIENT_NAME);
    }
    if (uri.getSentinels().isEmpty()) {
      return builder.build();
    }
    builder.withSentinelMasterId(uri.getSentinelMasterId());
    uri.getSentinels().forEach(sentinel -> builder.withSentinel(named(sentinel, timeout)));
    return builder.build();
  }

  /** To one server, or to the master that Sentinels name. Closing it lets go of nothing. */
  Connector to(RedisURI uri) {
    return to(() -> uri);
  }

  /**
   * As {@link #to(RedisURI)}.
   *
   * @param uri where to connect next
   */
  Connector to(Supplier<RedisURI> uri) {
    return new Connector() {
      @Override
      public CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
        return attempt(() -> client.connectAsync(ByteArrayCodec.INSTANCE, uri.get()));
      }

      @Override
      public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
        return attempt(() -> client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri.get()));
      }

      @Override
      public Mono<Void> close() {
        return Mono.empty();
      }
    };
  }

  private static <C> CompletionStage<C> attempt(Supplier<CompletionStage<C>> connect) {
    try {
      return connect.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * An event loop that ends without a quiet period forgets to close a channel whose connecting has
   * just begun, and one with a period takes a moment to end. Nobody has to wait for it: what was
   * connected is closed already.
   */
  Mono<Void> close() {
    return Mono.fromRunnable(
        () -> {
          var unused =
              client
                  .shutdownAsync(QUIET_MILLIS, 2_000, TimeUnit.MILLISECONDS)
                  .whenComplete((nothing, error) -> shutDownResources());
        });
  }

  private void shutDownResources() {
    if (ownResources != null) {
      var unused = ownResources.shutdown(QUIET_MILLIS, 2_000, TimeUnit.MILLISECONDS);
    }
  }
}
