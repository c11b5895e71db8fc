package io.millstream.message;

/**
 * Handles one message on a thread that may block. Returning acknowledges; throwing is a failed
 * delivery.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
@FunctionalInterface
public interface BlockingHandler<T> {
  /**
   * Handles a message. The thread is interrupted when the lease is lost, the handler's time is up,
   * or the worker stops without being able to wait; its place is free only when this method has
   * really ended.
   *
   * @throws Exception a failed delivery
   */
  void handle(Message<T> message) throws Exception;
}
