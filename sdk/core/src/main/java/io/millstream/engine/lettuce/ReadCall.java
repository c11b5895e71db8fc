package io.millstream.engine.lettuce;

import static io.lettuce.core.protocol.CommandType.XREADGROUP;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.RedisException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What readers do with a link of theirs. */
final class ReadCall {
  private ReadCall() {}

  static Call of(ReadArgs args) {
    Call call = Call.of(XREADGROUP, "GROUP", args.group(), args.consumer());
    Long count = args.count();
    if (count != null) {
      call.word("COUNT").number(count);
    }
    Duration block = args.block();
    if (block != null) {
      call.word("BLOCK").millis(block);
    }
    if (args.noAck()) {
      call.word("NOACK");
    }
    call.word("STREAMS");
    args.streams().forEach(stream -> call.key(stream.key()));
    args.streams().forEach(stream -> call.word(stream.id()));
    return call;
  }

  /** How long its reply is waited for; null for ever. */
  static @Nullable Duration patience(ReadArgs args, Duration commandTimeout) {
    Duration block = args.block();
    if (block == null || block.isNegative()) {
      return commandTimeout;
    }
    return block.isZero() ? null : block.plus(commandTimeout);
  }

  /** Wakes a read of this link. */
  static Mono<Boolean> unblock(Link link, SharedConnection shared) {
    if (link.isEnded()) {
      return Mono.just(false);
    }
    Identity identity = link.identity();
    return identity == null
        ? Mono.error(new RedisException("NOPERM", "NOPERM the client's id is not known"))
        : shared.send(identity.unblock(), Decode::flag);
  }

  /** Ends the link, here and at the server. */
  static Mono<Boolean> close(Link link, SharedConnection shared) {
    link.end(Errors.connection("the reader is closed"));
    Identity identity = link.identity();
    return identity == null ? Mono.just(false) : shared.kill(identity);
  }
}
