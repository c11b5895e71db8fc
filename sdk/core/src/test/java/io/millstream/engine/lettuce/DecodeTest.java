package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisStateMachine;
import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.GroupInfo;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.PendingSummary;
import io.millstream.engine.RedisException;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Replies as they come over the wire, through Lettuce's state machine, to the port's records. */
class DecodeTest {
  private static final EntryId ONE = new EntryId(1, 0);
  private static final EntryId TWO = new EntryId(2, 0);
  private static final String ENTRY_ONE = "*2 $3 1-0 *2 $1 f $1 v ";

  @Test
  void keepsEveryKindOfElement() {
    assertThat(tree("*6 :7 $-1 *-1 *0 +OK $0  "))
        .isEqualTo(Arrays.asList(7L, null, null, List.of(), "OK", ""));
    assertThat(tree("*5 _ ,1.5 #t (12345 ~1 :1 "))
        .isEqualTo(Arrays.asList(null, 1.5, true, "12345", List.of(1L)));
    assertThat(tree("%1 +k *1 %0 ")).isEqualTo(List.of("k", List.of(List.of())));
    assertThat(tree("$-1 ")).isNull();
    assertThat(tree("_ ")).isNull();
    assertThat(tree("*-1 ")).isNull();
    assertThat(tree("=7 txt:abc ")).isEqualTo("abc");
  }

  @Test
  void readsFieldsThatAreRepeatedEmptyOrBinary() {
    byte[] binary = {0, '\r', '\n', (byte) 0xff, (byte) 0x80};
    String wire =
        "*2\r\n$3\r\n1-0\r\n*6\r\n$1\r\nf\r\n$0\r\n\r\n$1\r\nf\r\n$5\r\n"
            + new String(binary, ISO_8859_1)
            + "\r\n$0\r\n\r\n$1\r\nx\r\n";

    Fields fields = Decode.entry(requireNonNull(parse(wire, wire.length()))).fields();

    assertThat(fields.size()).isEqualTo(3);
    assertThat(fields.name(0)).isEqualTo("f");
    assertThat(fields.value(0)).isEmpty();
    assertThat(fields.name(1)).isEqualTo("f");
    assertThat(fields.value(1)).isEqualTo(binary);
    assertThat(fields.name(2)).isEmpty();
  }

  @Test
  void leavesOutWhatRedis62ClaimsAsNil() {
    assertThat(decode("*3 $-1 " + ENTRY_ONE + "*-1 ", Decode::entries))
        .containsExactly(new Entry(ONE, Fields.of("f", "v")));
  }

  @Test
  void ignoresWhatALaterRedisAddsToAnEntry() {
    assertThat(decode("*4 $3 1-0 *2 $1 f $1 v :100 :3 ", Decode::entry))
        .isEqualTo(new Entry(ONE, Fields.of("f", "v")));
  }

  @Test
  void readsIdsOfTheWholeUnsignedRange() {
    assertThat(decode("$41 18446744073709551615-18446744073709551615 ", Decode::id))
        .isEqualTo(EntryId.MAX);
  }

  @Test
  void readsXautoclaimWithAndWithoutDeletedIds() {
    var before7 = decode("*2 $3 0-0 *1 $3 1-0 ", t -> Decode.autoClaimed(t, Decode::id));
    assertThat(before7.claimed()).containsExactly(ONE);
    assertThat(before7.deleted()).isEmpty();
    assertThat(before7.complete()).isTrue();

    var since7 =
        decode(
            "*3 $3 2-0 *1 " + ENTRY_ONE + "*1 $3 2-0 ", t -> Decode.autoClaimed(t, Decode::entry));
    assertThat(since7.cursor()).isEqualTo(TWO);
    assertThat(since7.claimed()).containsExactly(new Entry(ONE, Fields.of("f", "v")));
    assertThat(since7.deleted()).containsExactly(TWO);
  }

  @Test
  void readsXpending() {
    assertThat(decode("*4 :3 $3 1-0 $3 2-0 *2 *2 $1 a $1 2 *2 $1 b $1 1 ", Decode::pendingSummary))
        .isEqualTo(new PendingSummary(3, ONE, TWO, Map.of("a", 2L, "b", 1L)));
    assertThat(decode("*4 :0 $-1 $-1 *-1 ", Decode::pendingSummary))
        .isEqualTo(new PendingSummary(0, null, null, Map.of()));
    assertThat(decode("*1 *4 $3 1-0 $1 a :1500 :2 ", Decode::pendingEntries))
        .containsExactly(new PendingEntry(ONE, "a", Duration.ofMillis(1500), 2));
  }

  @Test
  void readsXinfoOfNewAndOldServers() {
    String old = "+name $1 g +consumers :1 +pending :2 +last-delivered-id $3 1-0 ";
    assertThat(decode("*1 *8 " + old, Decode::groupInfos))
        .containsExactly(new GroupInfo("g", 1, 2, ONE, null, null));
    assertThat(decode("*1 %6 " + old + "+entries-read :5 +lag _ ", Decode::groupInfos))
        .containsExactly(new GroupInfo("g", 1, 2, ONE, 5L, null));
    assertThat(
            decode(
                "*2 *6 +name $1 a +pending :0 +idle :9 %4 +name $1 b +pending :0 +idle :9 +inactive"
                    + " :-1 ",
                Decode::consumerInfos))
        .containsExactly(
            new ConsumerInfo("a", 0, Duration.ofMillis(9), null),
            new ConsumerInfo("b", 0, Duration.ofMillis(9), null));
  }

  @Test
  void aReplyOfAnotherShapeIsAnErrorOfTheServer() {
    Call call = Call.of(CommandType.XADD);

    assertThatThrownBy(() -> Decode.reply(call, 7L, Decode::id))
        .isInstanceOfSatisfying(
            RedisException.class, error -> assertThat(error.code()).isEqualTo("ERR"))
        .hasMessage("unexpected reply to XADD");
  }

  private static <T> T decode(String reply, Function<Object, T> decode) {
    String wire = wire(reply);
    return decode.apply(requireNonNull(parse(wire, wire.length())));
  }

  /** Strings as text, to be compared. */
  private static @Nullable Object tree(String reply) {
    String wire = wire(reply);
    return readable(parse(wire, wire.length()));
  }

  private static @Nullable Object readable(@Nullable Object tree) {
    if (tree instanceof byte[] bytes) {
      return new String(bytes, ISO_8859_1);
    }
    if (tree instanceof List<?> list) {
      Object[] elements = list.stream().map(DecodeTest::readable).toArray();
      return Collections.unmodifiableList(Arrays.asList(elements));
    }
    return tree;
  }

  private static String wire(String reply) {
    return reply.replace(" ", "\r\n");
  }

  /** As the event loop does it: the bytes come in two reads. */
  private static @Nullable Object parse(String wire, int cut) {
    byte[] bytes = wire.getBytes(ISO_8859_1);
    TreeOutput output = new TreeOutput();
    RedisStateMachine machine = new RedisStateMachine();
    ByteBuf buffer = Unpooled.buffer();
    try {
      buffer.writeBytes(bytes, 0, cut);
      boolean done = machine.decode(buffer, output);
      if (!done) {
        buffer.writeBytes(bytes, cut, bytes.length - cut);
        done = machine.decode(buffer, output);
      }
      assertThat(done).isTrue();
      assertThat(output.hasError()).isFalse();
      return output.get();
    } finally {
      buffer.release();
    }
  }
}
