package io.millstream.engine.lettuce;

import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.RedisException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The connection that everything but blocking reads shares: one {@link Link} after the other. When
 * one ends, the next is opened, with a backoff; it first kills its predecessor on the server, so
 * that nothing which failed as "outcome unknown" can take effect later, and only then takes
 * commands.
 */
final class SharedConnection implements Sender {
  private static final Logger log = LoggerFactory.getLogger(SharedConnection.class);

  private final Links links;
  private final Scheduler scheduler;
  private final Settings settings;
  private final String where;
  private final Events events = new Events();
  private final AtomicBoolean killRefusalLogged = new AtomicBoolean();
  private final Sinks.Empty<Void> tried = Sinks.empty(); // the first attempt to connect has ended

  private final Object lock = new Object();
  private final Set<Identity> toKill = new LinkedHashSet<>(); // guarded by lock
  private @Nullable Link current; // guarded by lock
  private RedisException whyNot = Errors.connection("not connected yet"); // guarded by lock
  private boolean closed; // guarded by lock
  private boolean firstEnded; // guarded by lock
  private int attempts; // guarded by lock
  private long connectedAt; // guarded by lock

  /**
   * Not yet connected.
   *
   * @param where for log lines; empty if there is one server only
   */
  SharedConnection(Links links, Scheduler scheduler, Settings settings, String where) {
    this.links = links;
    this.scheduler = scheduler;
    this.settings = settings;
    this.where = where;
  }

  Flux<ConnectionEvent> events() {
    return events.flux();
  }

  /** Waits for the first attempt to connect, and for no other. */
  @Override
  public Mono<Object> send(Call call) {
    return onLink(link -> link.send(call, settings.commandTimeout()));
  }

  /** As {@link #send(Call)}, to a node that is about to get the slot. */
  Mono<Object> sendAsking(Call call) {
    return onLink(link -> link.sendAsking(call, settings.commandTimeout()));
  }

  private Mono<Object> onLink(Function<Link, Mono<Object>> send) {
    return Mono.defer(
        () -> {
          Link link;
          RedisException error;
          boolean first;
          synchronized (lock) {
            link = current;
            error = whyNot;
            first = link == null && !firstEnded;
          }
          if (first) {
            return tried.asMono().then(onLink(send));
          }
          return link == null ? Mono.error(Errors.again(error)) : send.apply(link);
        });
  }

  /** The link that takes commands now, or null. */
  @Nullable Link link() {
    synchronized (lock) {
      return current;
    }
  }

  /** Whether it was tried to connect, and there is no connection. */
  boolean isDown() {
    synchronized (lock) {
      return firstEnded && current == null;
    }
  }

  private void firstHasEnded() {
    synchronized (lock) {
      firstEnded = true;
    }
    tried.tryEmitEmpty();
  }

  /** Opens a link, now and whenever one has ended, until it is closed. */
  void connect() {
    links.open().flatMap(this::bury).subscribe(this::connected, this::failed);
  }

  /**
   * Kills a client on the server.
   *
   * @return whether it is certain that the server has forgotten it; if there is no connection, it
   *     will be killed before the next one takes commands
   */
  Mono<Boolean> kill(Identity identity) {
    return send(identity.kill())
        .thenReturn(true)
        .onErrorResume(
            RedisException.class,
            error -> {
              if (Errors.isRefusal(error)) {
                logKillRefusal(error);
              } else {
                killLater(identity);
              }
              return Mono.just(false);
            });
  }

  private void killLater(Identity identity) {
    synchronized (lock) {
      toKill.add(identity);
    }
  }

  private Mono<Link> bury(Link link) {
    List<Identity> dead;
    synchronized (lock) {
      dead = List.copyOf(toKill);
    }
    return Flux.fromIterable(dead)
        .concatMap(identity -> bury(link, identity))
        .then(Mono.just(link))
        .doOnError(error -> link.end(Errors.of(error)));
  }

  private Mono<Void> bury(Link link, Identity identity) {
    return link.send(identity.kill(), settings.commandTimeout())
        .onErrorResume(
            RedisException.class,
            error -> {
              if (!Errors.isRefusal(error)) {
                return Mono.error(error);
              }
              logKillRefusal(error);
              return Mono.empty();
            })
        .then(
            Mono.fromRunnable(
                () -> {
                  synchronized (lock) {
                    toKill.remove(identity);
                  }
                }));
  }

  private void logKillRefusal(RedisException error) {
    if (killRefusalLogged.compareAndSet(false, true)) {
      log.warn(
          "The server refuses CLIENT KILL ({}): what was sent on a connection that broke may still"
              + " take effect",
          Errors.text(error));
    }
  }

  private void connected(Link link) {
    boolean late;
    synchronized (lock) {
      late = closed;
      if (!late) {
        current = link;
        connectedAt = scheduler.now(TimeUnit.NANOSECONDS);
        events.add(ConnectionEvent.CONNECTED);
      }
    }
    if (late) {
      link.end(Errors.connection("the engine is closed"));
      return;
    }
    log.info("Connected{}", where);
    firstHasEnded();
    events.tell();
    var unused = link.ended().thenAccept(why -> lost(link, why));
  }

  private void lost(Link link, RedisException why) {
    synchronized (lock) {
      current = null;
      whyNot = why;
      Identity identity = link.identity();
      if (identity != null) {
        toKill.add(identity);
      }
      long lived = scheduler.now(TimeUnit.NANOSECONDS) - connectedAt;
      if (lived > settings.maxDelay().toNanos()) {
        attempts = 0;
      }
      if (!closed) {
        events.add(ConnectionEvent.DISCONNECTED);
        log.warn("Disconnected{}: {}", where, Errors.text(why));
      }
    }
    events.tell();
    connectLater();
  }

  private void failed(Throwable thrown) {
    RedisException error = Errors.of(thrown);
    synchronized (lock) {
      boolean news = attempts == 0 || !error.code().equals(whyNot.code());
      whyNot = error;
      if (news && !closed) {
        log.warn("Cannot connect{}, will keep trying: {}", where, Errors.text(error));
      }
    }
    firstHasEnded();
    connectLater();
  }

  private void connectLater() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      long delay = settings.delay(attempts++).toNanos();
      try {
        scheduler.schedule(this::connect, delay, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        log.error("Cannot connect again: the scheduler takes no more tasks", e);
      }
    }
  }

  /** No more connecting; {@link Links#close()} ends what is there. */
  void close() {
    synchronized (lock) {
      closed = true;
      whyNot = Errors.connection("the engine is closed");
      events.addEnd();
    }
    firstHasEnded();
    events.tell();
  }
}
