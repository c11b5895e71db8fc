package io.millstream.observe;

import io.millstream.message.Headers;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * What happens in one publisher. Methods do nothing unless overridden. See {@link Observer} for
 * what an implementation must heed.
 *
 * @since 0.1
 */
public interface PublisherObserver {
  /** Nobody listens. */
  PublisherObserver NONE = new PublisherObserver() {};

  /** A message was written (XADD), confirmed by the server. */
  default void published() {}

  /** A message was not written, or nobody knows whether it was. */
  default void publishFailed() {}

  /**
   * A message is about to be written. On the thread that subscribes.
   *
   * @param headers what its publisher gave it
   * @param context the subscriber's
   * @return who follows it; by default nobody (null)
   */
  default @Nullable Sending sending(Headers headers, ContextView context) {
    return null;
  }
}
