package io.millstream.engine.lettuce;

import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.millstream.entry.EntryId;
import io.netty.buffer.ByteBuf;
import java.util.Collection;
import java.util.List;

/**
 * Arguments that may end in entry ids. These are written as bytes straight away: as strings they
 * would cost more than all the rest of an XACK.
 */
final class TrailingIds extends CommandArgs<byte[], byte[]> {
  /** The longest, {@code $41\r\n18446744073709551615-18446744073709551615\r\n}. */
  private static final int LONGEST = 48;

  private Collection<EntryId> ids = List.of();

  TrailingIds(RedisCodec<byte[], byte[]> codec) {
    super(codec);
  }

  /** Ids behind all other arguments; they must not change any more. */
  void end(Collection<EntryId> last) {
    ids = last;
  }

  @Override
  public int count() {
    return super.count() + ids.size();
  }

  @Override
  public void encode(ByteBuf to) {
    super.encode(to);
    if (ids.isEmpty()) {
      return;
    }
    byte[] argument = new byte[LONGEST];
    for (EntryId id : ids) {
      int start = write(id, argument);
      to.writeBytes(argument, start, LONGEST - start);
    }
  }

  /**
   * Writes {@code $length\r\nid\r\n}, from the end of an array to its beginning.
   *
   * @return where it starts
   */
  private static int write(EntryId id, byte[] to) {
    int start = write('\r', '\n', to, LONGEST);
    int end = start;
    start = write(id.seq(), to, start);
    to[--start] = '-';
    start = write(id.ms(), to, start);
    int length = end - start;
    start = write('\r', '\n', to, start);
    start = write(length, to, start);
    to[--start] = '$';
    return start;
  }

  private static int write(char first, char second, byte[] to, int end) {
    to[end - 2] = (byte) first;
    to[end - 1] = (byte) second;
    return end - 2;
  }

  private static int write(long unsigned, byte[] to, int end) {
    int start = end;
    long left = unsigned;
    if (left < 0) { // as large as that there is one division to spare
      long tenth = Long.divideUnsigned(left, 10);
      to[--start] = (byte) ('0' + (left - tenth * 10));
      left = tenth;
    }
    do {
      long tenth = left / 10;
      to[--start] = (byte) ('0' + (left - tenth * 10));
      left = tenth;
    } while (left != 0);
    return start;
  }
}
