package io.millstream.message;

/**
 * Handles one message on a thread that may block, and says how the delivery ends.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
@FunctionalInterface
public interface BlockingOutcomeHandler<T> {
  /**
   * Handles a message. The thread is interrupted as {@link BlockingHandler#handle} says.
   *
   * @return how the delivery ends
   * @throws Exception a failed delivery
   */
  Outcome handle(Message<T> message) throws Exception;
}
