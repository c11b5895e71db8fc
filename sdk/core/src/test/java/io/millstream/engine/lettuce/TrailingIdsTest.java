package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.millstream.entry.EntryId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrailingIdsTest {
  @Test
  void writesIdsJustAsLettuceWritesTheirText() {
    List<EntryId> ids = new ArrayList<>(List.of(EntryId.MIN, new EntryId(1, 9), EntryId.MAX));
    Random random = new Random(1);
    for (int bits = 0; bits < 64; bits++) {
      ids.add(new EntryId(1L << bits, random.nextLong() >>> bits));
      ids.add(new EntryId(random.nextLong(), (1L << bits) - 1));
    }
    TrailingIds ours = new TrailingIds(ByteArrayCodec.INSTANCE);
    ours.addKey("stream".getBytes(US_ASCII)).add("group");
    ours.end(ids);
    CommandArgs<byte[], byte[]> theirs = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    theirs.addKey("stream".getBytes(US_ASCII)).add("group");
    ids.forEach(id -> theirs.add(id.toString()));

    assertThat(ours.count()).isEqualTo(theirs.count());
    assertThat(wire(ours)).isEqualTo(wire(theirs));
  }

  private static String wire(CommandArgs<byte[], byte[]> args) {
    ByteBuf buffer = Unpooled.buffer();
    try {
      args.encode(buffer);
      return buffer.toString(US_ASCII);
    } finally {
      buffer.release();
    }
  }
}
