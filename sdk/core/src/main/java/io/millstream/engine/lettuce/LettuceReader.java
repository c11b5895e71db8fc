package io.millstream.engine.lettuce;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.StreamEntries;
import java.time.Duration;
import java.util.List;
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
    Call call = ReadCall.of(args);
    return link.send(call, ReadCall.patience(args, commandTimeout))
        .map(tree -> Decode.reply(call, tree, Decode::streams));
  }

  @Override
  public Mono<Boolean> unblock() {
    return Mono.defer(() -> ReadCall.unblock(link, shared));
  }

  @Override
  public Mono<Boolean> close() {
    return Mono.defer(() -> ReadCall.close(link, shared));
  }
}
