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
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The ways to a server: a client of our own, or the user's. */
final class Connectors {
  private static final String CLIENT_NAME = "millstream";

  private static final long QUIET_MILLIS = 100;

  private Connectors() {}

  /** With a client and threads of our own. */
  static Connector own(RedisURI uri, Settings settings) {
    if (!uri.getSentinels().isEmpty()) {
      throw new IllegalArgumentException("uri: " + uri + ", expected one server, not Sentinels");
    }
    RedisURI.Builder builder = RedisURI.builder(uri).withTimeout(settings.commandTimeout());
    if (uri.getClientName() == null) {
      builder.withClientName(CLIENT_NAME);
    }
    return new Own(builder.build(), settings.connectTimeout());
  }

  /** With the user's client, which stays as it is. */
  static Connector of(Supplier<RedisClient> client) {
    return new Users(client);
  }

  private static final class Own implements Connector {
    private final RedisURI uri;
    private final ClientResources resources;
    private final RedisClient client;

    Own(RedisURI uri, Duration connectTimeout) {
      this.uri = uri;
      this.resources =
          DefaultClientResources.builder()
              .commandLatencyRecorder(CommandLatencyRecorder.disabled())
              .build();
      this.client = RedisClient.create(resources, uri);
      client.setOptions(
          ClientOptions.builder()
              .autoReconnect(false)
              .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
              .maintNotificationsConfig(MaintNotificationsConfig.disabled())
              .socketOptions(socketOptions(connectTimeout))
              .build());
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

    @Override
    public CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
      return attempt(() -> client.connectAsync(ByteArrayCodec.INSTANCE, uri));
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
      return attempt(() -> client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri));
    }

    private static <C> CompletionStage<C> attempt(Supplier<CompletionStage<C>> connect) {
      try {
        return connect.get();
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    /**
     * An event loop that ends without a quiet period forgets to close a channel whose connecting
     * has just begun, and one with a period takes a moment to end. Nobody has to wait for it: what
     * was connected is closed already.
     */
    @Override
    public Mono<Void> close() {
      return Mono.fromRunnable(
          () -> {
            var unused =
                client
                    .shutdownAsync(QUIET_MILLIS, 2_000, TimeUnit.MILLISECONDS)
                    .whenComplete((nothing, error) -> shutDown(resources));
          });
    }

    private static void shutDown(ClientResources resources) {
      var unused = resources.shutdown(QUIET_MILLIS, 2_000, TimeUnit.MILLISECONDS);
    }
  }

  private static final class Users implements Connector {
    private final Supplier<RedisClient> client;

    Users(Supplier<RedisClient> client) {
      this.client = client;
    }

    /** A client keeps its URI to itself; only its blocking calls use it. */
    @Override
    public CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
      return attempt(() -> client.get().connect(ByteArrayCodec.INSTANCE));
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
      return attempt(() -> client.get().connectPubSub(ByteArrayCodec.INSTANCE));
    }

    private static <C> CompletionStage<C> attempt(Callable<C> connect) {
      return Mono.fromCallable(connect).subscribeOn(Schedulers.boundedElastic()).toFuture();
    }

    @Override
    public Mono<Void> close() {
      return Mono.empty();
    }
  }
}
