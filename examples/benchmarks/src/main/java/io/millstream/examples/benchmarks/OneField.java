package io.millstream.examples.benchmarks;

import io.millstream.codec.Codec;
import io.millstream.codec.DecodeException;
import io.millstream.codec.MessageStream;
import io.millstream.entry.Fields;

/** Messages that are the bytes of one field, as other programs write them. */
final class OneField implements Codec<byte[]> {
  private final String name;

  private OneField(String name) {
    this.name = name;
  }

  /** A stream of such messages. */
  static MessageStream<byte[]> stream(String key, String field) {
    return MessageStream.of(key, new OneField(field));
  }

  @Override
  public Fields encode(byte[] payload) {
    return Fields.builder().add(name, payload).build();
  }

  @Override
  public byte[] decode(Fields fields) {
    byte[] value = fields.first(name);
    if (value == null) {
      throw new DecodeException("no field '" + name + "' in the entry");
    }
    return value;
  }
}
