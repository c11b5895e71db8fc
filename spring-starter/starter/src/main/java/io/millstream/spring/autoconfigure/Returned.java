package io.millstream.spring.autoconfigure;

import io.millstream.message.BatchOutcomes;
import io.millstream.message.Outcome;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a listener's method returns. */
enum Returned {
  /** Nothing; the method may block. */
  NOTHING,
  /** How the delivery ends, or each of the batch; the method may block. */
  OUTCOME,
  /** How the deliveries of a batch end; the method may block. */
  BATCH_OUTCOMES,
  MONO,
  /** A Flux, or another publisher. */
  FLUX,
  STAGE;

  /** What a method of this return type returns; null if no listener may. */
  static @Nullable Returned of(Class<?> type, boolean batch) {
    if (type == void.class || type == Void.class) {
      return NOTHING;
    }
    if (Outcome.class.isAssignableFrom(type)) {
      return OUTCOME;
    }
    if (type == BatchOutcomes.class) {
      return batch ? BATCH_OUTCOMES : null;
    }
    if (Mono.class.isAssignableFrom(type)) {
      return MONO;
    }
    if (Publisher.class.isAssignableFrom(type)) {
      return FLUX;
    }
    return CompletionStage.class.isAssignableFrom(type) ? STAGE : null;
  }

  boolean blocks() {
    return this == NOTHING || this == OUTCOME || this == BATCH_OUTCOMES;
  }

  /**
   * What is waited for, with the last outcome said; of a method that does not block.
   *
   * @param value what it has returned
   */
  Mono<Object> said(@Nullable Object value) {
    Objects.requireNonNull(value, "the listener returned null");
    if (this == STAGE) {
      return saying(Flux.from(Mono.fromCompletionStage((CompletionStage<?>) value)));
    }
    return saying(Flux.from((Publisher<?>) value));
  }

  private static Mono<Object> saying(Flux<?> values) {
    return values
        .<Object>map(value -> value)
        .filter(value -> value instanceof Outcome || value instanceof BatchOutcomes)
        .reduce((before, last) -> last);
  }
}
