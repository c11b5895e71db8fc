package io.millstream.engine.lettuce;

import io.millstream.engine.ConnectionEvent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Who wants to hear of connections to the nodes of a cluster. Whenever something has changed
 * anywhere, each watcher looks at what it watches.
 */
final class ClusterEvents {
  private final Cluster cluster;
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger losses = new AtomicInteger();
  private volatile boolean closed;

  ClusterEvents(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Of the connection that a slot's commands go over. */
  Flux<ConnectionEvent> of(int slot) {
    return watch(sink -> new OfSlot(sink, slot));
  }

  /** Of all nodes together. */
  Flux<ConnectionEvent> ofAll() {
    return watch(OfAll::new);
  }

  private Flux<ConnectionEvent> watch(Function<FluxSink<ConnectionEvent>, Watcher> made) {
    return Flux.create(
        sink -> {
          Watcher watcher = made.apply(sink);
          watchers.add(watcher);
          sink.onDispose(() -> watchers.remove(watcher));
          if (closed) {
            sink.complete();
          } else {
            watcher.look();
          }
        });
  }

  /** A node's connection was lost. */
  void lost() {
    losses.incrementAndGet();
    changed();
  }

  /** A node was connected to, or a slot has moved, or it was looked at in vain. */
  void changed() {
    watchers.forEach(Watcher::look);
  }

  void close() {
    closed = true;
    watchers.forEach(watcher -> watcher.sink.complete());
  }

  /** Looks whenever it is told to, in one thread at a time. */
  private abstract static class Watcher {
    final FluxSink<ConnectionEvent> sink;
    private final AtomicInteger turns = new AtomicInteger();

    Watcher(FluxSink<ConnectionEvent> sink) {
      this.sink = sink;
    }

    final void look() {
      if (turns.getAndIncrement() != 0) {
        return;
      }
      int seen = 1;
      do {
        turn();
        seen = turns.addAndGet(-seen);
      } while (seen != 0);
    }

    abstract void turn();
  }

  /** A link that has ended is a loss; one that another has taken the place of is none. */
  private final class OfSlot extends Watcher {
    private final int slot;
    private @Nullable Link seen;

    OfSlot(FluxSink<ConnectionEvent> sink, int slot) {
      super(sink);
      this.slot = slot;
      this.seen = cluster.link(slot);
    }

    @Override
    void turn() {
      Link now = cluster.link(slot);
      if (seen != null && seen.isEnded()) {
        seen = null;
        sink.next(ConnectionEvent.DISCONNECTED);
      }
      if (now != null && !now.isEnded()) {
        boolean back = seen == null;
        seen = now;
        if (back) {
          sink.next(ConnectionEvent.CONNECTED);
        }
      }
      if (seen == null) {
        cluster.seek();
      }
    }
  }

  private final class OfAll extends Watcher {
    private int seen = losses.get();
    private boolean up = cluster.isWhole();

    OfAll(FluxSink<ConnectionEvent> sink) {
      super(sink);
    }

    @Override
    void turn() {
      int lost = losses.get();
      if (up && lost != seen) {
        up = false;
        sink.next(ConnectionEvent.DISCONNECTED);
      }
      seen = lost;
      if (!up && cluster.isWhole()) {
        up = true;
        sink.next(ConnectionEvent.CONNECTED);
      }
    }
  }
}
