package io.millstream.engine.lettuce;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamEntries;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads at the node that has the stream, on a link of its own, and follows the stream to another
 * node: a read that is answered MOVED or ASK has taken nothing. While a slot is on its way there
 * are two links, one to each end.
 */
final class ClusterReader implements Reader {
  /** A link, with the node that can wake and forget it. */
  private record At(Node node, Link link) {}

  private final Cluster cluster;
  private final Duration commandTimeout;

  private final Object lock = new Object();
  private final Map<Address, At> links = new HashMap<>(); // guarded by lock
  private @Nullable At reading; // guarded by lock
  private @Nullable RedisException spent; // guarded by lock

  ClusterReader(Cluster cluster, Duration commandTimeout) {
    this.cluster = cluster;
    this.commandTimeout = commandTimeout;
  }

  /** This reader, once it has a link to the node that has the stream. */
  Mono<Reader> opened(String key) {
    return cluster.owner(Slots.of(key)).flatMap(this::at).thenReturn(this);
  }

  @Override
  public Mono<List<StreamEntries>> read(ReadArgs args) {
    Call call = ReadCall.of(args);
    Duration patience = ReadCall.patience(args, commandTimeout);
    int slot = Slots.of(args.streams().get(0).key());
    return cluster
        .owner(slot)
        .flatMap(owner -> read(call, patience, new Redirect(owner, false), 0))
        .map(tree -> Decode.reply(call, tree, Decode::streams));
  }

  private Mono<Object> read(Call call, @Nullable Duration patience, Redirect where, int followed) {
    return at(where.to())
        .flatMap(at -> send(at, call, patience, where.asking()))
        .onErrorResume(
            RedisException.class,
            error -> {
              Redirect next = cluster.follow(error, where.to(), followed);
              if (next == null) {
                return Mono.error(error);
              }
              if (!next.asking()) {
                leave(where.to());
              }
              return read(call, patience, next, followed + 1);
            });
  }

  private Mono<Object> send(At at, Call call, @Nullable Duration patience, boolean asking) {
    return Mono.defer(
        () -> {
          synchronized (lock) {
            reading = at;
          }
          return asking ? at.link.sendAsking(call, patience) : at.link.send(call, patience);
        });
  }

  private Mono<At> at(Address address) {
    return Mono.defer(
        () -> {
          At known;
          synchronized (lock) {
            known = links.get(address);
            if (known != null && known.link.isEnded()) {
              spent = Errors.connection("the connection was lost");
            }
            if (spent != null) {
              return Mono.error(Errors.again(spent));
            }
          }
          Node node = cluster.node(address);
          return known != null
              ? Mono.just(known)
              : node.openLink().map(link -> keep(address, new At(node, link)));
        });
  }

  private At keep(Address address, At at) {
    RedisException late;
    synchronized (lock) {
      late = spent;
      if (late == null) {
        links.put(address, at);
      }
    }
    if (late != null) {
      at.link.end(late);
      throw Errors.again(late);
    }
    return at;
  }

  /** Nothing is under way on it, so nothing of it can take effect. */
  private void leave(Address address) {
    At left;
    synchronized (lock) {
      left = links.remove(address);
    }
    if (left != null) {
      left.link.end(Errors.connection("the stream is elsewhere"));
    }
  }

  @Override
  public Mono<Boolean> unblock() {
    return Mono.defer(
        () -> {
          At at;
          synchronized (lock) {
            at = reading;
          }
          return at == null ? Mono.just(false) : ReadCall.unblock(at.link, at.node.shared());
        });
  }

  @Override
  public Mono<Boolean> close() {
    return Mono.defer(
        () -> {
          List<At> all;
          synchronized (lock) {
            spent = Errors.connection("the reader is closed");
            all = List.copyOf(links.values());
          }
          return Flux.fromIterable(all)
              .flatMap(at -> ReadCall.close(at.link, at.node.shared()))
              .all(forgotten -> forgotten);
        });
  }
}
