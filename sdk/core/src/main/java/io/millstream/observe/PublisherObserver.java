package io.millstream.observe;

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
}
