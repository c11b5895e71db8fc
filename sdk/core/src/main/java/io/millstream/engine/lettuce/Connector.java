package io.millstream.engine.lettuce;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Mono;

/** Makes connections of some client. No call blocks. */
interface Connector {
  /** A new connection, or how it failed. */
  CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect();

  /** A new connection that can subscribe, or how it failed. */
  CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub();

  /**
   * Whether somebody else says where the master is, and may be wrong for a while: Sentinel does.
   */
  default boolean isToldWhereTheMasterIs() {
    return false;
  }

  /** Lets go of the client, as far as it is ours. */
  Mono<Void> close();
}
