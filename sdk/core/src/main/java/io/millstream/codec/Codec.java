package io.millstream.codec;

import io.millstream.entry.Fields;

/**
 * Turns payloads into the fields of an entry and back. Headers are not its business: it neither
 * writes nor sees fields whose names start with {@link Envelope#HEADER_PREFIX}.
 *
 * <p>Used by many threads at once.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
public interface Codec<T> {
  /** The name of the field in which Millstream's own json, string and bytes codecs keep all. */
  String PAYLOAD = "payload";

  /**
   * The fields of a payload, at least one. What it throws becomes the error of the publish call.
   */
  Fields encode(T payload);

  /**
   * The payload of an entry's fields, never null.
   *
   * @throws DecodeException if the fields cannot be understood; such an entry becomes a dead letter
   *     at once, since another delivery would not change it
   */
  T decode(Fields fields) throws DecodeException;
}
