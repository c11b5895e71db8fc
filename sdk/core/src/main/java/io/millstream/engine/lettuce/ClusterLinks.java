package io.millstream.engine.lettuce;

import io.millstream.engine.RedisException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Links of one caller's own to those nodes of a cluster that it needs: to one, and while a slot
 * moves to two. A command that is answered MOVED or ASK has not been taken, and follows.
 */
final class ClusterLinks {
  /** A link, with the node that can wake and forget it. */
  record At(Node node, Link link) {}

  private final Cluster cluster;

  private final Object lock = new Object();
  private final Map<Address, At> links = new HashMap<>(); // guarded by lock
  private final Set<At> used = new LinkedHashSet<>(); // guarded by lock
  private @Nullable RedisException spent; // guarded by lock

  ClusterLinks(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Connects to the node that has the key. */
  Mono<Void> open(String key) {
    return cluster.owner(Slots.of(key)).flatMap(this::at).then();
  }

  /**
   * Sends to the node that has the slot.
   *
   * @param alone whether nothing else is under way: then a link that led elsewhere can go
   */
  Mono<Object> send(Call call, int slot, @Nullable Duration patience, boolean alone) {
    return cluster
        .owner(slot)
        .flatMap(owner -> send(call, patience, alone, new Redirect(owner, false), 0));
  }

  private Mono<Object> send(
      Call call, @Nullable Duration patience, boolean alone, Redirect where, int followed) {
    return at(where.to())
        .flatMap(at -> send(at, call, patience, where.asking()))
        .onErrorResume(
            RedisException.class,
            error -> {
              Redirect next = cluster.follow(error, where.to(), followed);
              if (next == null) {
                return Mono.error(error);
              }
              if (alone && !next.asking()) {
                leave(where.to());
              }
              return send(call, patience, alone, next, followed + 1);
            });
  }

  private Mono<Object> send(At at, Call call, @Nullable Duration patience, boolean asking) {
    return Mono.defer(
        () -> {
          synchronized (lock) {
            used.add(at);
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

  /** Of two that were opened at once the first stays. */
  private At keep(Address address, At at) {
    RedisException late;
    At first;
    synchronized (lock) {
      late = spent;
      first = late == null ? links.putIfAbsent(address, at) : null;
    }
    if (late != null) {
      at.link.end(late);
      throw Errors.again(late);
    }
    if (first != null) {
      at.link.end(Errors.connection("there is another one"));
      return first;
    }
    return at;
  }

  /** Nothing is under way on it, so nothing of it can take effect. */
  private void leave(Address address) {
    At left;
    synchronized (lock) {
      left = links.remove(address);
      used.remove(left);
    }
    if (left != null) {
      left.link.end(Errors.connection("what it was for is elsewhere"));
    }
  }

  /** Those that commands were sent on since this was asked last. */
  List<At> takeUsed() {
    synchronized (lock) {
      List<At> taken = List.copyOf(used);
      used.clear();
      return taken;
    }
  }

  /** All there are. */
  List<At> all() {
    synchronized (lock) {
      return List.copyOf(links.values());
    }
  }

  /** See {@link io.millstream.engine.Reader#close()}. */
  Mono<Boolean> close() {
    return Mono.defer(
        () -> {
          synchronized (lock) {
            spent = Errors.connection("it is closed");
          }
          return Flux.fromIterable(all())
              .flatMap(at -> ReadCall.close(at.link, at.node.shared()))
              .all(forgotten -> forgotten);
        });
  }
}
