package io.millstream.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.entry.Fields;
import io.millstream.message.Headers;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How payload and headers share the fields of an entry: header {@code x} is the field {@code @x},
 * everything else is payload. That goes for entries of other programs too: a field of theirs whose
 * name starts with {@code @} is a header.
 *
 * @since 0.1
 */
public final class Envelope {
  /** The start of the name of every field that is a header. */
  public static final String HEADER_PREFIX = "@";

  private static final byte PREFIX_BYTE = '@';

  private Envelope() {}

  /**
   * The fields of an entry.
   *
   * @throws IllegalArgumentException if a header's name is empty or {@linkplain Headers#RESERVED
   *     reserved}, if a payload field would be taken for a header, or if there is no field at all
   */
  public static Fields seal(Fields payload, Headers headers) {
    int header = firstHeader(payload);
    if (header >= 0) {
      throw new IllegalArgumentException(
          "payload field: '"
              + payload.name(header)
              + "', expected a name that does not start with '"
              + HEADER_PREFIX
              + "', which marks headers");
    }
    Fields sealed = headers.isEmpty() ? payload : payload.plus(headerFields(headers));
    if (sealed.isEmpty()) {
      throw new IllegalArgumentException("payload: no fields, expected at least one");
    }
    return sealed;
  }

  /** The headers of an entry. Of several fields of one name the last wins. */
  public static Headers headers(Fields entry) {
    int i = firstHeader(entry);
    if (i < 0) {
      return Headers.none();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (; i < entry.size(); i++) {
      if (isHeader(entry, i)) {
        byte[] name = entry.nameBytes(i);
        headers.put(new String(name, 1, name.length - 1, UTF_8), new String(entry.value(i), UTF_8));
      }
    }
    return Headers.of(headers);
  }

  /** The payload fields of an entry: the very same object if it has no headers. */
  public static Fields payload(Fields entry) {
    int first = firstHeader(entry);
    if (first < 0) {
      return entry;
    }
    Fields.Builder payload = Fields.builder();
    for (int i = 0; i < entry.size(); i++) {
      if (!isHeader(entry, i)) {
        payload.add(entry.nameBytes(i), entry.value(i));
      }
    }
    return payload.build();
  }

  private static Fields headerFields(Headers headers) {
    Fields.Builder fields = Fields.builder();
    headers.forEach(
        (name, value) -> {
          if (name.isEmpty() || name.startsWith(Headers.RESERVED)) {
            throw new IllegalArgumentException(
                "header: '"
                    + name
                    + "', expected a name that is not empty and does not start with '"
                    + Headers.RESERVED
                    + "'");
          }
          fields.add(HEADER_PREFIX + name, value);
        });
    return fields.build();
  }

  private static int firstHeader(Fields fields) {
    for (int i = 0; i < fields.size(); i++) {
      if (isHeader(fields, i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isHeader(Fields fields, int i) {
    byte[] name = fields.nameBytes(i);
    return name.length > 0 && name[0] == PREFIX_BYTE;
  }
}
