package io.millstream.test.redis;

/** Unpacks LZF, in which Redis may pack long strings of a DUMP. */
final class Lzf {
  private static final int LITERALS = 32;

  private Lzf() {}

  /**
   * The bytes that were packed.
   *
   * @throws IndexOutOfBoundsException if they are not well formed
   */
  static byte[] unpack(byte[] in, int length) {
    byte[] out = new byte[length];
    int from = 0;
    int to = 0;
    while (from < in.length) {
      int control = in[from++] & 0xFF;
      if (control < LITERALS) {
        System.arraycopy(in, from, out, to, control + 1);
        from += control + 1;
        to += control + 1;
      } else {
        int count = control >> 5;
        if (count == 7) {
          count += in[from++] & 0xFF;
        }
        int back = to - ((control & 0x1F) << 8) - (in[from++] & 0xFF) - 1;
        for (int i = 0; i < count + 2; i++) {
          out[to++] = out[back++]; // one by one: what is copied may be what was just written
        }
      }
    }
    return out;
  }
}
