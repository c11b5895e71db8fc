package io.millstream.engine.lettuce;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.StreamEntries;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads at the node that has the stream, on a link of its own, and follows the stream to another
 * node.
 */
final class ClusterReader implements Reader {
  private final ClusterLinks links;
  private final Duration commandTimeout;

  ClusterReader(ClusterLinks links, Duration commandTimeout) {
    this.links = links;
    this.commandTimeout = commandTimeout;
  }

  @Override
  public Mono<List<StreamEntries>> read(ReadArgs args) {
    Call call = ReadCall.of(args);
    int slot = Slots.of(args.streams().get(0).key());
    return links
        .send(call, slot, ReadCall.patience(args, commandTimeout), true)
        .map(tree -> Decode.reply(call, tree, Decode::streams));
  }

  /** One read is under way, on one of them; the others are not blocked. */
  @Override
  public Mono<Boolean> unblock() {
    return Flux.defer(() -> Flux.fromIterable(links.all()))
        .concatMap(at -> ReadCall.unblock(at.link(), at.node().shared()))
        .any(found -> found);
  }

  @Override
  public Mono<Boolean> close() {
    return links.close();
  }
}
