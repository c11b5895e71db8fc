package io.millstream.message;

import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Handles several messages in one call, without blocking, and may end each with an outcome of its
 * own.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
@FunctionalInterface
public interface BatchHandler<T> {
  /**
   * Handles a batch.
   *
   * @param batch at least one message, in the order in which they were delivered
   * @return outcomes; what they do not name is acknowledged, and so is everything if it completes
   *     empty. An error is a failed delivery of each message of the batch
   * @throws Exception a failed delivery of each message, as an error of the Mono
   */
  Mono<BatchOutcomes> handle(List<Message<T>> batch) throws Exception;
}
