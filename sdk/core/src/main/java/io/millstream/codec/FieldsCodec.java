package io.millstream.codec;

import io.millstream.entry.Fields;
import java.util.Objects;

/** All fields as they are: what other programs write, and raw access. */
final class FieldsCodec implements Codec<Fields> {
  static final FieldsCodec INSTANCE = new FieldsCodec();

  private FieldsCodec() {}

  @Override
  public Fields encode(Fields payload) {
    return Objects.requireNonNull(payload, "payload");
  }

  @Override
  public Fields decode(Fields fields) {
    return fields;
  }
}
