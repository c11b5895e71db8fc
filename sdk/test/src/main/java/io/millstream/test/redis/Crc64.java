package io.millstream.test.redis;

/** The checksum at the end of a DUMP: CRC-64 with the polynomial of Jones, as Redis has it. */
final class Crc64 {
  private static final long POLYNOMIAL = 0x95AC9329AC4BC9B5L; // bits reversed
  private static final long[] TABLE = new long[256];

  static {
    for (int i = 0; i < TABLE.length; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
      }
      TABLE[i] = crc;
    }
  }

  private Crc64() {}

  /** The checksum of the first bytes. */
  static long of(byte[] bytes, int length) {
    long crc = 0;
    for (int i = 0; i < length; i++) {
      crc = TABLE[(int) ((crc ^ bytes[i]) & 0xFF)] ^ (crc >>> 8);
    }
    return crc;
  }
}
