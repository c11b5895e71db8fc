package io.millstream.engine.lettuce;

import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Where commands go. */
interface Sender {
  /** Sends on each subscription, once. A nil reply is an empty Mono. */
  Mono<Object> send(Call call);

  /** Sends and decodes; a reply that cannot be decoded is an error of the server. */
  default <T> Mono<T> send(Call call, Function<Object, T> decode) {
    return send(call).map(tree -> Decode.reply(call, tree, decode));
  }
}
