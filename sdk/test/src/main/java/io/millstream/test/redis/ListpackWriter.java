package io.millstream.test.redis;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes a listpack. */
final class ListpackWriter {
  private static final int HEADER = 6;
  private static final int UNKNOWN_COUNT = 0xFFFF;

  private final ByteArrayOutputStream elements = new ByteArrayOutputStream();
  private int count;

  ListpackWriter number(long number) {
    if (number >= 0 && number < 128) {
      return element(new byte[] {(byte) number});
    }
    return element(little(9).put((byte) 0xF4).putLong(number).array());
  }

  ListpackWriter string(byte[] text) {
    if (text.length < 64) {
      return element(
          ByteBuffer.allocate(1 + text.length).put((byte) (0x80 | text.length)).put(text).array());
    }
    return element(little(5 + text.length).put((byte) 0xF0).putInt(text.length).put(text).array());
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ListpackWriter element(byte[] encoded) {
    elements.writeBytes(encoded);
    int size = ListpackReader.backLength(encoded.length);
    for (int i = size - 1; i >= 0; i--) {
      int more = i == size - 1 ? 0 : 0x80;
      elements.write((encoded.length >> (7 * i) & 0x7F) | more);
    }
    count++;
    return this;
  }

  byte[] bytes() {
    int size = HEADER + elements.size() + 1;
    return little(size)
        .putInt(size)
        .putShort((short) Math.min(count, UNKNOWN_COUNT))
        .put(elements.toByteArray())
        .put((byte) 0xFF)
        .array();
  }
}
