package io.millstream.message;

import io.millstream.entry.EntryId;

/**
 * An entry, decoded for the handler.
 *
 * @param stream the key of the stream it was read from
 * @param id the entry's id
 * @param payload the decoded payload
 * @param headers what travelled beside it
 * @param delivery which start of the handler this is, by Redis's own delivery count: the first is 1
 * @param <T> the payload's type
 * @since 0.1
 */
public record Message<T>(String stream, EntryId id, T payload, Headers headers, long delivery) {
  /** Whether a handler may have seen this message before. */
  public boolean redelivered() {
    return delivery > 1;
  }

  /** Where the message came from; the payload stays out of logs. */
  @Override
  public String toString() {
    return "Message[" + stream + " " + id + ", delivery " + delivery + "]";
  }
}
