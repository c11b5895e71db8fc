package io.millstream.message;

import reactor.core.publisher.Mono;

/**
 * Handles one message without blocking. It is called on a thread for handlers, never on Redis's,
 * and must return at once; the message is settled when the Mono ends.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
@FunctionalInterface
public interface MessageHandler<T> {
  /**
   * Handles a message.
   *
   * @return completes when the message is done (it is then acknowledged), or emits an {@link
   *     Outcome}, which is obeyed; an error is a failed delivery. Other values are ignored.
   *     Cancelled when the lease is lost, the handler's time is up, or the worker stops without
   *     being able to wait
   * @throws Exception a failed delivery, as an error of the Mono
   */
  Mono<?> handle(Message<T> message) throws Exception;
}
