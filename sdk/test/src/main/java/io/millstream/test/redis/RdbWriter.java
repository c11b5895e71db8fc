package io.millstream.test.redis;

import io.millstream.entry.EntryId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Writes the elements of Redis's RDB format, without packing anything. */
final class RdbWriter {
  private static final int BITS_64 = 0x81;
  private static final int SMALL = 64;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  RdbWriter raw(int octet) {
    out.write(octet);
    return this;
  }

  RdbWriter length(long number) {
    if (number >= 0 && number < SMALL) {
      out.write((int) number);
    } else {
      out.write(BITS_64);
      bigEndian(number);
    }
    return this;
  }

  RdbWriter string(byte[] bytes) {
    length(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /** An id, as two numbers. */
  RdbWriter id(EntryId id) {
    return length(id.ms()).length(id.seq());
  }

  /** An id, as sixteen bytes. */
  RdbWriter rawId(EntryId id) {
    bigEndian(id.ms());
    bigEndian(id.seq());
    return this;
  }

  RdbWriter millis(long millis) {
    littleEndian(millis);
    return this;
  }

  void littleEndian(long number) {
    bigEndian(Long.reverseBytes(number));
  }

  private void bigEndian(long number) {
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
