package io.millstream.test.redis;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The engine's replies, which are there as soon as they are asked for. */
final class Now {
  private Now() {}

  /** The reply; null is nil. */
  static <T> @Nullable T get(Mono<T> reply) {
    return reply.block();
  }

  /** A reply that is never nil. */
  static <T> T some(Mono<T> reply) {
    T some = reply.block();
    if (some == null) {
      throw new IllegalStateException("nil, where a reply was expected");
    }
    return some;
  }
}
