package io.millstream.message;

import java.util.List;

/**
 * Handles several messages in one call on a thread that may block, and may end each with an outcome
 * of its own.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
@FunctionalInterface
public interface BlockingBatchHandler<T> {
  /**
   * Handles a batch. The thread is interrupted as {@link BlockingHandler#handle} says.
   *
   * @param batch at least one message, in the order in which they were delivered
   * @return outcomes; what they do not name is acknowledged
   * @throws Exception a failed delivery of each message
   */
  BatchOutcomes handle(List<Message<T>> batch) throws Exception;
}
