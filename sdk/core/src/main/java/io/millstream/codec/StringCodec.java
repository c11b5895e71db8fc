package io.millstream.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.entry.Fields;

/** UTF-8 text in the payload field. */
final class StringCodec implements Codec<String> {
  static final StringCodec INSTANCE = new StringCodec();

  private StringCodec() {}

  @Override
  public Fields encode(String payload) {
    return PayloadField.of(payload.getBytes(UTF_8));
  }

  @Override
  public String decode(Fields fields) {
    return Utf8.decode(PayloadField.in(fields), PAYLOAD);
  }
}
