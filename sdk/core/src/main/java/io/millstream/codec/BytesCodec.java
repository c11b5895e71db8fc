package io.millstream.codec;

import io.millstream.entry.Fields;
import java.util.Objects;

/** The payload field as it is. */
final class BytesCodec implements Codec<byte[]> {
  static final BytesCodec INSTANCE = new BytesCodec();

  private BytesCodec() {}

  @Override
  public Fields encode(byte[] payload) {
    return PayloadField.of(Objects.requireNonNull(payload, "payload"));
  }

  @Override
  public byte[] decode(Fields fields) {
    return PayloadField.in(fields);
  }
}
