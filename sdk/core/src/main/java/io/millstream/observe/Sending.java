package io.millstream.observe;

import io.millstream.entry.EntryId;
import io.millstream.message.Headers;

/**
 * One message that is being written. Exactly one of {@link #written}, {@link #failed} and {@link
 * #cancelled} is told, from any thread.
 *
 * @since 0.1
 */
public interface Sending {
  /** The headers to write: those that were given, and what carries the trace. */
  Headers headers();

  /** It was written (XADD), confirmed by the server. */
  void written(EntryId id);

  /** It was not written, or nobody knows whether it was. */
  void failed(Throwable failure);

  /** Nobody waits for the answer any more. */
  void cancelled();
}
