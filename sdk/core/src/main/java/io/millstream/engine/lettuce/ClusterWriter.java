package io.millstream.engine.lettuce;

import io.millstream.engine.AddArgs;
import io.millstream.engine.StreamCommands;
import io.millstream.engine.Writer;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes at the node that has the stream, on a link of its own. */
final class ClusterWriter implements Writer {
  private final ClusterLinks links;
  private final Duration commandTimeout;
  private final StreamCommands streams;

  ClusterWriter(ClusterLinks links, Duration commandTimeout) {
    this.links = links;
    this.commandTimeout = commandTimeout;
    this.streams =
        new LettuceStreamCommands(
            call -> {
              int slot = Slots.of(Objects.requireNonNull(call.firstKey()));
              return links.send(call, slot, commandTimeout, false);
            });
  }

  @Override
  public Mono<EntryId> add(String key, Fields fields, AddArgs args) {
    return streams.add(key, fields, args);
  }

  /** While a slot moves, what was written may lie on two nodes: the least of both counts. */
  @Override
  public Mono<Long> awaitReplicas(long replicas, Duration timeout) {
    return Flux.defer(() -> Flux.fromIterable(links.takeUsed()))
        .flatMap(at -> LettuceWriter.wait(at.link(), replicas, timeout, commandTimeout))
        .reduce(Math::min)
        .defaultIfEmpty(replicas);
  }

  @Override
  public Mono<Boolean> close() {
    return links.close();
  }
}
