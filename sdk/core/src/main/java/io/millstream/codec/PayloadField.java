package io.millstream.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.entry.Fields;

/** The one field that holds a whole payload. */
final class PayloadField {
  private static final byte[] NAME = Codec.PAYLOAD.getBytes(UTF_8);

  private PayloadField() {}

  static Fields of(byte[] value) {
    return Fields.ofFlat(new byte[][] {NAME, value});
  }

  static byte[] in(Fields fields) {
    byte[] value = fields.first(Codec.PAYLOAD);
    if (value == null) {
      throw new DecodeException("no field '" + Codec.PAYLOAD + "' in the entry");
    }
    return value;
  }
}
