package io.millstream.test.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** Replies as RESP3 has them. */
final class Resp3 {
  private static final byte[] END = {'\r', '\n'};

  private final ByteBuf out;

  private Resp3(ByteBuf out) {
    this.out = out;
  }

  /** Writes the reply to the buffer. */
  static void encode(Reply reply, ByteBuf out) {
    new Resp3(out).write(reply);
  }

  private void write(Reply reply) {
    if (reply instanceof Reply.Bulk bulk) {
      string('$', bulk.bytes());
    } else if (reply instanceof Reply.Array array) {
      elements('*', array.elements());
    } else if (reply instanceof Reply.Whole whole) {
      line(':', whole.number());
    } else if (reply instanceof Reply.Nil) {
      out.writeByte('_').writeBytes(END);
    } else if (reply instanceof Reply.Dictionary dictionary) {
      map(dictionary.keysAndValues());
    } else if (reply instanceof Reply.Pairs pairs) {
      map(pairs.keysAndValues());
    } else if (reply instanceof Reply.Simple simple) {
      line('+', simple.text());
    } else if (reply instanceof Reply.Failure failure) {
      line('-', failure.text());
    } else if (reply instanceof Reply.Unordered unordered) {
      elements('~', unordered.elements());
    } else if (reply instanceof Reply.Push push) {
      elements('>', push.elements());
    } else if (reply instanceof Reply.Verbatim verbatim) {
      string('=', Text.bytes("txt:" + verbatim.text()));
    } else {
      throw new IllegalArgumentException("no reply of its own: " + reply);
    }
  }

  private void elements(char type, List<? extends Reply> elements) {
    line(type, elements.size());
    elements.forEach(this::write);
  }

  private void map(List<? extends Reply> keysAndValues) {
    line('%', keysAndValues.size() / 2);
    keysAndValues.forEach(this::write);
  }

  private void string(char type, byte[] bytes) {
    line(type, bytes.length);
    out.writeBytes(bytes).writeBytes(END);
  }

  private void line(char type, long number) {
    out.writeByte(type).writeBytes(Long.toString(number).getBytes(US_ASCII)).writeBytes(END);
  }

  private void line(char type, String text) {
    out.writeByte(type).writeBytes(Text.bytes(OneLine.of(text))).writeBytes(END);
  }
}
