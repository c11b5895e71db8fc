package io.millstream.engine.lettuce;

import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.Reader;
import io.millstream.engine.Writer;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is behind an engine: one server, or the nodes of a cluster. */
interface Servers extends Sender {
  /** Begins to connect, in the background. */
  void connect();

  /** See {@link io.millstream.engine.Engine#openReader()}. */
  Mono<Reader> openReader();

  /** See {@link io.millstream.engine.Engine#openReader(String)}. */
  Mono<Reader> openReader(String key);

  /** See {@link io.millstream.engine.Engine#openWriter(String)}. */
  Mono<Writer> openWriter(String key);

  /**
   * A new link for SUBSCRIBE.
   *
   * @param channel one of those that will be subscribed to
   * @param heard gets the channel of each message, on the event loop
   */
  Mono<Link> openPubSub(String channel, Consumer<String> heard);

  /** See {@link io.millstream.engine.Engine#events()}. */
  Flux<ConnectionEvent> events();

  /** See {@link io.millstream.engine.Engine#events(String)}. */
  Flux<ConnectionEvent> events(String key);

  /** Lets go of all connections, and of the client as far as it is ours. */
  Mono<Void> close();
}
