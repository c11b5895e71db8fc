package io.millstream.observe;

import io.millstream.entry.EntryId;
import io.millstream.message.Headers;

/**
 * A message on its way into a handler.
 *
 * @since 0.1
 */
public interface Arrival {
  /** The entry. */
  EntryId id();

  /** Which start of the handler this is, by Redis's own delivery count. */
  long delivery();

  /** Its headers, decoded at each call. */
  Headers headers();
}
