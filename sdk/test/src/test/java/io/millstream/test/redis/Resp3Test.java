package io.millstream.test.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The types of RESP3, byte by byte: clients forgive each other much. */
class Resp3Test {
  private static String encoded(Reply reply) {
    ByteBuf out = Unpooled.buffer();
    try {
      Resp3.encode(reply, out);
      return out.toString(UTF_8);
    } finally {
      out.release();
    }
  }

  private static final List<Reply> TWO = List.of(Reply.bulk("a"), Reply.whole(1));

  @Test
  void nothingIsANullOfItsOwn() {
    assertThat(encoded(Reply.wholeOrNil(null))).isEqualTo("_\r\n");
  }

  @Test
  void keysAndValuesAreAMapWithHalfAsManyEntries() {
    assertThat(encoded(new Reply.Dictionary(TWO))).isEqualTo("%1\r\n$1\r\na\r\n:1\r\n");
    assertThat(encoded(new Reply.Pairs(TWO))).isEqualTo("%1\r\n$1\r\na\r\n:1\r\n");
  }

  @Test
  void whatHasNoOrderIsASet() {
    assertThat(encoded(new Reply.Unordered(TWO))).isEqualTo("~2\r\n$1\r\na\r\n:1\r\n");
  }

  @Test
  void whatNobodyAskedForIsAPush() {
    assertThat(encoded(new Reply.Push(TWO))).isEqualTo(">2\r\n$1\r\na\r\n:1\r\n");
  }

  @Test
  void aTextForPeopleIsVerbatimAndCountsItsFormat() {
    assertThat(encoded(new Reply.Verbatim("hi"))).isEqualTo("=6\r\ntxt:hi\r\n");
  }

  @Test
  void theOthersAreAsInResp2() {
    assertThat(encoded(new Reply.Array(TWO))).isEqualTo("*2\r\n$1\r\na\r\n:1\r\n");
    assertThat(encoded(new Reply.Simple("OK"))).isEqualTo("+OK\r\n");
    assertThat(encoded(Reply.failure("ERR no"))).isEqualTo("-ERR no\r\n");
  }
}
