package io.millstream.engine.lettuce;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The ways to a server: a client of our own, or the user's. */
final class Connectors {
  private Connectors() {}

  /** With a client and threads of our own, to one server or to the master that Sentinels name. */
  static Connector own(RedisURI uri, Settings settings) {
    OwnClient client = OwnClient.create(settings.connectTimeout());
    RedisURI named = OwnClient.named(uri, settings);
    if (uri.getSentinels().isEmpty()) {
      return new Own(client, client.to(named), false);
    }
    return new Own(client, client.to(new Sentinels(named, settings.connectTimeout())::next), true);
  }

  /** With the user's client, which stays as it is. */
  static Connector of(RedisClient client) {
    return new Users(client);
  }

  private record Own(OwnClient client, Connector connector, boolean isToldWhereTheMasterIs)
      implements Connector {
    @Override
    public CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
      return connector.connect();
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
      return connector.connectPubSub();
    }

    @Override
    public Mono<Void> close() {
      return client.close();
    }
  }

  /**
   * Whom to ask first. Lettuce goes through them in the order of the URI until one takes a
   * connection: one that is frozen, or knows nothing of a failover, would be asked each time. So
   * each attempt begins with another, and none is waited for as long as a server.
   */
  private static final class Sentinels {
    private final RedisURI uri;
    private final Duration patience;
    private final AtomicInteger attempts = new AtomicInteger();

    Sentinels(RedisURI uri, Duration patience) {
      this.uri = uri;
      this.patience = patience;
    }

    RedisURI next() {
      RedisURI next = OwnClient.named(uri, uri.getTimeout());
      List<RedisURI> sentinels = next.getSentinels();
      sentinels.forEach(sentinel -> sentinel.setTimeout(patience));
      Collections.rotate(sentinels, -(attempts.getAndIncrement() % sentinels.size()));
      return next;
    }
  }

  private static final class Users implements Connector {
    private final RedisClient client;

    Users(RedisClient client) {
      this.client = client;
    }

    /** A client keeps its URI to itself; only its blocking calls use it. */
    @Override
    public CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
      return attempt(() -> client.connect(ByteArrayCodec.INSTANCE));
    }

    @Override
    public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
      return attempt(() -> client.connectPubSub(ByteArrayCodec.INSTANCE));
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
