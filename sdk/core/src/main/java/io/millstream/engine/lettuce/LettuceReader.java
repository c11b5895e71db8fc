package io.millstream.engine.lettuce;

import static io.lettuce.core.protocol.CommandType.XREADGROUP;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamEntries;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A link of its own for reading. It lasts as long as the link does. */
final class LettuceReader implements Reader {
  private final Link link;
  private final SharedConnection shared;
  private final Duration commandTimeout;

  LettuceReader(Link link, SharedConnection shared, Duration commandTimeout) {
    this.link = link;
    this.shared = shared;
    this.commandTimeout = commandTimeout;
  }

  @Override
  public Mono<List<StreamEntries>> read(ReadArgs args) {
    Call call = call(args);
    return link.send(call, patience(args.block())).map(LettuceReader::entries);
  }

  @SuppressWarnings("unchecked") // what an EntriesOutput makes
  private static List<StreamEntries> entries(Object reply) {
    return (List<StreamEntries>) reply;
  }

  private static Call call(ReadArgs args) {
    Call call =
        Call.of(XREADGROUP, "GROUP", args.group(), args.consumer()).into(EntriesOutput::new);
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

  private @Nullable Duration patience(@Nullable Duration block) {
    if (block == null || block.isNegative()) {
      return commandTimeout;
    }
    return block.isZero() ? null : block.plus(commandTimeout);
  }

  @Override
  public Mono<Boolean> unblock() {
    return Mono.defer(
        () -> {
          if (link.isEnded()) {
            return Mono.just(false);
          }
          Identity identity = link.identity();
          return identity == null
              ? Mono.error(new RedisException("NOPERM", "NOPERM the client's id is not known"))
              : shared.send(identity.unblock(), Decode::flag);
        });
  }

  @Override
  public Mono<Boolean> close() {
    return Mono.defer(
        () -> {
          link.end(Errors.connection("the reader is closed"));
          Identity identity = link.identity();
          return identity == null ? Mono.just(false) : shared.kill(identity);
        });
  }
}
