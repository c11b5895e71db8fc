package io.millstream.test.redis;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.redis.ArrayRedisMessage;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;
import java.util.ArrayList;
import java.util.List;

/** Replies as RESP2 has them, for Netty's encoder. */
final class Resp2 {
  private Resp2() {}

  static RedisMessage encode(Reply reply) {
    if (reply instanceof Reply.Bulk bulk) {
      return new FullBulkStringRedisMessage(Unpooled.wrappedBuffer(bulk.bytes()));
    }
    if (reply instanceof Reply.Array array) {
      return array(array.elements());
    }
    if (reply instanceof Reply.Whole whole) {
      return new IntegerRedisMessage(whole.number());
    }
    if (reply instanceof Reply.Nil nil) {
      return nil == Reply.Nil.ARRAY
          ? ArrayRedisMessage.NULL_INSTANCE
          : FullBulkStringRedisMessage.NULL_INSTANCE;
    }
    if (reply instanceof Reply.Dictionary dictionary) {
      return array(dictionary.keysAndValues());
    }
    if (reply instanceof Reply.Pairs pairs) {
      return pairs(pairs.keysAndValues());
    }
    return status(reply);
  }

  private static RedisMessage status(Reply reply) {
    if (reply instanceof Reply.Simple simple) {
      return new SimpleStringRedisMessage(OneLine.of(simple.text()));
    }
    if (reply instanceof Reply.Failure failure) {
      return new ErrorRedisMessage(OneLine.of(failure.text()));
    }
    if (reply instanceof Reply.Unordered unordered) {
      return array(unordered.elements());
    }
    if (reply instanceof Reply.Push push) {
      return array(push.elements());
    }
    if (reply instanceof Reply.Verbatim verbatim) {
      return encode(Reply.bulk(verbatim.text()));
    }
    throw new IllegalArgumentException("no reply of its own: " + reply);
  }

  private static RedisMessage array(List<? extends Reply> elements) {
    return new ArrayRedisMessage(elements.stream().map(Resp2::encode).toList());
  }

  private static RedisMessage pairs(List<? extends Reply> keysAndValues) {
    List<RedisMessage> pairs = new ArrayList<>();
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      pairs.add(array(keysAndValues.subList(i, i + 2)));
    }
    return new ArrayRedisMessage(pairs);
  }
}
