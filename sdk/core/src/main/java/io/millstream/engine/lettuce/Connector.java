package io.millstream.engine.lettuce;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Mono;

/** Makes connections of some client. Neither call blocks. */
interface Connector {
  /** A new connection, or how it failed. */
  CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect();

  /** Lets go of the client, as far as it is ours. */
  Mono<Void> close();
}
