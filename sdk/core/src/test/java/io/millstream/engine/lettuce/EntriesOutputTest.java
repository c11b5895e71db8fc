package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.protocol.RedisStateMachine;
import io.millstream.engine.StreamEntries;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies to XREADGROUP as they come over the wire, through Lettuce's state machine. */
class EntriesOutputTest {
  private static final Entry ONE = new Entry(new EntryId(1, 0), Fields.of("f", "v"));
  private static final String ENTRY_ONE = "*2 $3 1-0 *2 $1 f $1 v ";

  private @Nullable Throwable refused;

  @ParameterizedTest
  @ValueSource(
      strings = {"*2 *2 $1 s *2 %s*2 $3 2-0 *-1 *2 $1 t *0 ", "%%2 $1 s *2 %s*2 $3 2-0 _ $1 t *0 "})
  void readsStreamsUnderBothProtocolsWhereverTheReplyIsCut(String pattern) {
    String reply = pattern.formatted(ENTRY_ONE).replace(" ", "\r\n");
    for (int cut = 1; cut <= reply.length(); cut++) {
      assertThat(read(reply, cut))
          .isEqualTo(
              List.of(
                  new StreamEntries("s", List.of(ONE, new Entry(new EntryId(2, 0), Fields.EMPTY))),
                  new StreamEntries("t", List.of())));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*-1 ", "_ ", "$-1 "})
  void readsNothingAsNothing(String reply) {
    assertThat(read(reply)).isNull();
    assertThat(refused).isNull();
  }

  @Test
  void readsNamesThatChangeFromEntryToEntry() {
    String reply =
        "%1 $1 s *4 "
            + ENTRY_ONE
            + "*2 $3 1-1 *4 $1 f $1 w $1 g $1 x "
            + "*2 $3 1-2 *4 $1 g $1 w $1 g $1 v "
            + ENTRY_ONE;
    assertThat(entries(reply))
        .containsExactly(
            ONE,
            new Entry(new EntryId(1, 1), Fields.of("f", "w", "g", "x")),
            new Entry(new EntryId(1, 2), Fields.of("g", "w", "g", "v")),
            ONE);
  }

  @Test
  void readsMoreFieldsThanItMakesRoomForAtOnce() {
    String[] pairs = new String[2 * 1_500];
    StringBuilder reply = new StringBuilder("%1 $1 s *1 *2 $3 1-0 *" + pairs.length + " ");
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = String.valueOf(1_000 + i);
      reply.append("$4 ").append(pairs[i]).append(' ');
    }
    assertThat(entries(reply.toString()))
        .containsExactly(new Entry(new EntryId(1, 0), Fields.of(pairs)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0-1",
        "1700000000000-0",
        "9223372036854775808-18446744073709551614",
        "18446744073709551615-18446744073709551615"
      })
  void readsIdsOfAnySize(String id) {
    String reply = "%1 $1 s *1 *2 $" + id.length() + " " + id + " *2 $1 f $1 v ";
    assertThat(entries(reply)).extracting(Entry::id).containsExactly(EntryId.parse(id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":7 ",
        "*1 $1 s ",
        "*1 *3 $1 s *0 *0 ",
        "%1 $1 s *1 *3 $3 1-0 *2 $1 f $1 v :5 ",
        "%1 $1 s *1 *2 $3 x-0 *2 $1 f $1 v ",
        "%1 $1 s *1 *2 $5 1-0-0 *2 $1 f $1 v ",
        "%1 $1 s *1 *2 $3 1-0 *2 $1 f _ "
      })
  void refusesRepliesOfAnotherShape(String reply) {
    read(reply);
    assertThat(refused).isNotNull();
  }

  @Test
  void keepsPayloadOutOfWhatLettuceLogs() {
    assertThat(new EntriesOutput()).hasToString("EntriesOutput");
  }

  private List<Entry> entries(String reply) {
    List<?> streams = (List<?>) requireNonNull(read(reply));
    assertThat(refused).isNull();
    return ((StreamEntries) requireNonNull(streams.get(0))).entries();
  }

  private @Nullable Object read(String reply) {
    String wire = reply.replace(" ", "\r\n");
    return read(wire, wire.length());
  }

  /** As the event loop does it: the bytes come in two reads. */
  private @Nullable Object read(String wire, int cut) {
    byte[] bytes = wire.getBytes(ISO_8859_1);
    EntriesOutput output = new EntriesOutput();
    RedisStateMachine machine = new RedisStateMachine();
    ByteBuf buffer = Unpooled.buffer();
    try {
      buffer.writeBytes(bytes, 0, cut);
      boolean done = machine.decode(buffer, output, error -> refused = error);
      if (!done) {
        buffer.writeBytes(bytes, cut, bytes.length - cut);
        done = machine.decode(buffer, output, error -> refused = error);
      }
      assertThat(done).isTrue();
      return output.get();
    } finally {
      buffer.release();
    }
  }
}
