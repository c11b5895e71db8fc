package io.millstream.test.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the elements of a listpack, Redis's packed list of numbers and strings, one by one. */
final class ListpackReader {
  private static final int HEADER = 6;
  private static final int END = 0xFF;

  private final ByteBuffer in;

  ListpackReader(byte[] listpack) {
    in = ByteBuffer.wrap(listpack).order(ByteOrder.LITTLE_ENDIAN).position(HEADER);
  }

  boolean atEnd() {
    return Byte.toUnsignedInt(in.get(in.position())) == END;
  }

  long number() {
    return Long.parseLong(new String(element(), US_ASCII));
  }

  /** An element; numbers as they are written. */
  byte[] element() {
    int start = in.position();
    byte[] element = body(Byte.toUnsignedInt(in.get()));
    in.position(in.position() + backLength(in.position() - start));
    return element;
  }

  private byte[] body(int first) {
    if (first < 0x80) {
      return text(first);
    }
    if (first < 0xC0) {
      return string(first & 0x3F);
    }
    if (first < 0xE0) {
      int unsigned = (first & 0x1F) << 8 | Byte.toUnsignedInt(in.get());
      return text(unsigned < 1 << 12 ? unsigned : unsigned - (1 << 13));
    }
    if (first < 0xF0) {
      return string((first & 0x0F) << 8 | Byte.toUnsignedInt(in.get()));
    }
    return switch (first) {
      case 0xF0 -> string(in.getInt());
      case 0xF1 -> text(in.getShort());
      case 0xF2 -> text(Short.toUnsignedInt(in.getShort()) | in.get() << 16);
      case 0xF3 -> text(in.getInt());
      case 0xF4 -> text(in.getLong());
      default -> throw new IllegalArgumentException("no element begins with " + first);
    };
  }

  private byte[] string(int length) {
    if (length < 0 || length > in.remaining()) {
      throw new IndexOutOfBoundsException(length);
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(US_ASCII);
  }

  /** How many bytes the element's own length takes, for reading backwards. */
  static int backLength(int length) {
    if (length <= 127) {
      return 1;
    }
    if (length < 16_383) {
      return 2;
    }
    if (length < 2_097_151) {
      return 3;
    }
    return length < 268_435_455 ? 4 : 5;
  }
}
