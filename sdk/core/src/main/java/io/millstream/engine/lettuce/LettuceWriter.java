package io.millstream.engine.lettuce;

import static io.lettuce.core.protocol.CommandType.WAIT;

import io.millstream.engine.AddArgs;
import io.millstream.engine.StreamCommands;
import io.millstream.engine.Writer;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** A link of its own for writing. It lasts as long as the link does. */
final class LettuceWriter implements Writer {
  private final Link link;
  private final SharedConnection shared;
  private final Duration commandTimeout;
  private final StreamCommands streams;

  LettuceWriter(Link link, SharedConnection shared, Duration commandTimeout) {
    this.link = link;
    this.shared = shared;
    this.commandTimeout = commandTimeout;
    this.streams = new LettuceStreamCommands(call -> link.send(call, commandTimeout));
  }

  static Mono<Long> wait(Link link, long replicas, Duration timeout, Duration commandTimeout) {
    Call call = Call.of(WAIT).number(replicas).millis(timeout);
    return link.send(call, timeout.plus(commandTimeout))
        .map(tree -> Decode.reply(call, tree, Decode::number));
  }

  @Override
  public Mono<EntryId> add(String key, Fields fields, AddArgs args) {
    return streams.add(key, fields, args);
  }

  @Override
  public Mono<Long> awaitReplicas(long replicas, Duration timeout) {
    return wait(link, replicas, timeout, commandTimeout);
  }

  @Override
  public Mono<Boolean> close() {
    return Mono.defer(() -> ReadCall.close(link, shared));
  }
}
