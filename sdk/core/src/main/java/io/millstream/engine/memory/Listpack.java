package io.millstream.engine.memory;

/**
 * How many bytes Redis needs for the elements of a listpack, the packed list that a stream's node
 * is stored in: by this a node is full at 4096 bytes.
 */
final class Listpack {
  /** Header and terminator. */
  static final int EMPTY = 7;

  private static final int LONGEST_INTEGER = 20;

  private Listpack() {}

  static long sizeOf(long value) {
    return withBackLength(integerSize(value));
  }

  static long sizeOf(byte[] text) {
    return withBackLength(isInteger(text) ? integerSize(parse(text)) : stringSize(text.length));
  }

  private static int integerSize(long value) {
    if (value >= 0 && value <= 127) {
      return 1;
    }
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value < 0 ? ~value : value) + 1;
    if (bits <= 13) {
      return 2;
    }
    if (bits <= 16) {
      return 3;
    }
    if (bits <= 24) {
      return 4;
    }
    return bits <= 32 ? 5 : 9;
  }

  private static long stringSize(int length) {
    if (length < 64) {
      return 1L + length;
    }
    return length < 4096 ? 2L + length : 5L + length;
  }

  /** Each element is followed by its own length, for reading backwards. */
  private static long withBackLength(long size) {
    if (size <= 127) {
      return size + 1;
    }
    if (size < 16_383) {
      return size + 2;
    }
    if (size < 2_097_151) {
      return size + 3;
    }
    return size < 268_435_455 ? size + 4 : size + 5;
  }

  /** Text that is exactly what an integer would be written as is stored as one. */
  private static boolean isInteger(byte[] text) {
    if (text.length == 0 || text.length > LONGEST_INTEGER) {
      return false;
    }
    int start = text[0] == '-' ? 1 : 0;
    if (start == text.length || (text[start] == '0' && text.length > 1)) {
      return false;
    }
    for (int i = start; i < text.length; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
    }
    return text.length < LONGEST_INTEGER - 1 || fits(text);
  }

  private static boolean fits(byte[] text) {
    try {
      parse(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static long parse(byte[] text) {
    return Long.parseLong(new String(text, java.nio.charset.StandardCharsets.US_ASCII));
  }
}
