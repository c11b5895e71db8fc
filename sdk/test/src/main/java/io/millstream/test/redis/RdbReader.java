package io.millstream.test.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millstream.entry.EntryId;
import java.nio.ByteBuffer;

/**
 * Reads the elements of Redis's RDB format. What is not well formed ends in an {@link
 * IndexOutOfBoundsException}, a {@link java.nio.BufferUnderflowException} or an {@link
 * IllegalArgumentException}.
 */
final class RdbReader {
  private static final int SPECIAL = 3;
  private static final int BITS_32 = 0x80;
  private static final int BITS_64 = 0x81;

  private final ByteBuffer in;

  RdbReader(byte[] bytes, int from, int length) {
    in = ByteBuffer.wrap(bytes, from, length);
  }

  boolean atEnd() {
    return !in.hasRemaining();
  }

  /** A number that is not negative, or an unsigned one. */
  long length() {
    int first = unsignedByte();
    if (first >> 6 == SPECIAL) {
      throw new IllegalArgumentException("a string where a number was expected");
    }
    return length(first);
  }

  private long length(int first) {
    if (first >> 6 == 0) {
      return first;
    }
    if (first >> 6 == 1) {
      return (first & 0x3FL) << 8 | unsignedByte();
    }
    return switch (first) {
      case BITS_32 -> Integer.toUnsignedLong(in.getInt());
      case BITS_64 -> in.getLong();
      default -> throw new IllegalArgumentException("no number begins with " + first);
    };
  }

  /** A number that something can be counted with. */
  int count() {
    return Math.toIntExact(length());
  }

  byte[] string() {
    int first = unsignedByte();
    if (first >> 6 != SPECIAL) {
      return bytes(Math.toIntExact(length(first)));
    }
    return switch (first & 0x3F) {
      case 0 -> text(in.get());
      case 1 -> text(Short.reverseBytes(in.getShort()));
      case 2 -> text(Integer.reverseBytes(in.getInt()));
      case 3 -> packed();
      default -> throw new IllegalArgumentException("no string begins with " + first);
    };
  }

  private byte[] packed() {
    int packed = count();
    int unpacked = count();
    return Lzf.unpack(bytes(packed), unpacked);
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(US_ASCII);
  }

  private byte[] bytes(int count) {
    if (count > in.remaining()) {
      throw new IndexOutOfBoundsException(count);
    }
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }

  /** An id, as two numbers. */
  EntryId id() {
    long ms = length();
    return new EntryId(ms, length());
  }

  /** An id, as sixteen bytes. */
  EntryId rawId() {
    long ms = in.getLong();
    return new EntryId(ms, in.getLong());
  }

  long millis() {
    return Long.reverseBytes(in.getLong());
  }

  private int unsignedByte() {
    return Byte.toUnsignedInt(in.get());
  }
}
