package io.millstream.test.redis;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageDecoder;
import io.netty.handler.codec.redis.ArrayRedisMessage;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.InlineCommandRedisMessage;
import io.netty.handler.codec.redis.RedisCodecException;
import io.netty.handler.codec.redis.RedisMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/** Makes requests of what came: arrays of strings, or a line that somebody typed. */
final class RequestReader extends MessageToMessageDecoder<RedisMessage> {
  RequestReader() {
    super(RedisMessage.class);
  }

  @Override
  protected void decode(ChannelHandlerContext context, RedisMessage message, List<Object> out) {
    List<byte[]> words = new ArrayList<>();
    if (message instanceof InlineCommandRedisMessage line) {
      StringTokenizer typed = new StringTokenizer(line.content());
      while (typed.hasMoreTokens()) {
        words.add(Text.bytes(typed.nextToken()));
      }
    } else if (message instanceof ArrayRedisMessage array) {
      if (array.isNull()) {
        return;
      }
      for (RedisMessage child : array.children()) {
        if (!(child instanceof FullBulkStringRedisMessage bulk) || bulk.isNull()) {
          throw new RedisCodecException("expected '$'");
        }
        words.add(ByteBufUtil.getBytes(bulk.content()));
      }
    } else {
      throw new RedisCodecException("expected an array of bulk strings");
    }
    if (!words.isEmpty()) {
      out.add(new Request(words));
    }
  }
}
