package io.millstream.engine;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tells other processes that there is something to do: PUBLISH and SUBSCRIBE. Best effort: a signal
 * may be lost, and nothing may depend on one.
 *
 * @since 0.1
 */
public interface Signals {
  /**
   * PUBLISH with an empty message.
   *
   * @return how many connections heard it; on a cluster, of those to the node that has the
   *     channel's slot (those to others hear it too)
   */
  Mono<Long> publish(String channel);

  /**
   * SUBSCRIBE, on a connection that all listeners of the engine share and that lasts as long as
   * there are any. Hot: from the subscription on, {@link Signal#LISTENING} once it stands, and then
   * {@link Signal#HEARD} for each signal; a subscriber that is slow gets the latest only. When the
   * connection is lost, another one is made, which begins with {@link Signal#LISTENING} again.
   *
   * <p>Never fails. A server that refuses it ({@code NOPERM}) is logged once, and asked again from
   * time to time. Completes when the engine is closed. Cancelling unsubscribes.
   */
  Flux<Signal> listen(String channel);
}
