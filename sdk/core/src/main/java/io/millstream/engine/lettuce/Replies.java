package io.millstream.engine.lettuce;

import io.millstream.engine.RedisException;
import java.util.function.Function;

/** Decoding at the edge: whatever the server answers, only {@link RedisException}s leave. */
final class Replies {
  private Replies() {}

  static <T> T decode(Call call, Object tree, Function<Object, T> decode) {
    try {
      return decode.apply(tree);
    } catch (ClassCastException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NullPointerException e) {
      throw new RedisException("ERR", "unexpected reply to " + call, e);
    }
  }
}
