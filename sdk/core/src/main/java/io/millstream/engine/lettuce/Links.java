package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.millstream.engine.RedisException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Opens links, and ends all of them when the engine is closed. */
final class Links {
  private static final Logger log = LoggerFactory.getLogger(Links.class);

  private final Connector connector;
  private final Scheduler scheduler;
  private final Settings settings;
  private final AtomicBoolean namelessLogged = new AtomicBoolean();
  private final MasterCheck masters;

  private final Object lock = new Object();
  private final Set<Link> open = new HashSet<>(); // guarded by lock
  private boolean closed; // guarded by lock

  Links(Connector connector, Scheduler scheduler, Settings settings) {
    this.connector = connector;
    this.scheduler = scheduler;
    this.settings = settings;
    this.masters = new MasterCheck(connector.isToldWhereTheMasterIs());
  }

  /**
   * A new link, to a master as far as that is in doubt, that knows its identity, if the server
   * tells it.
   */
  Mono<Link> open() {
    return open(
        connector::connect,
        (link, connection) ->
            masters
                .check(link, settings.commandTimeout())
                .then(link.identify(settings.commandTimeout()).doOnNext(this::logNameless))
                .then());
  }

  /** A new link for one question, whose asker need not be known to the server. */
  Mono<Link> openNameless() {
    return open(connector::connect, (link, connection) -> Mono.empty());
  }

  /**
   * A new link for SUBSCRIBE. It needs no identity: nothing that is sent on it can take effect
   * late.
   *
   * @param heard gets the channel of each message, on the event loop
   */
  Mono<Link> openPubSub(Consumer<String> heard) {
    return open(
        connector::connectPubSub,
        (link, connection) ->
            Mono.fromRunnable(
                () ->
                    connection.addListener(
                        new RedisPubSubAdapter<byte[], byte[]>() {
                          @Override
                          public void message(byte[] channel, byte[] message) {
                            heard.accept(new String(channel, UTF_8));
                          }
                        })));
  }

  private <C extends StatefulRedisConnection<byte[], byte[]>> Mono<Link> open(
      Supplier<CompletionStage<C>> connect, BiFunction<Link, C, Mono<Void>> prepare) {
    return Mono.<Link>create(
            sink ->
                new Opening<>(connect, this::admitted, prepare)
                    .start(sink, scheduler, settings.commandTimeout()))
        .onErrorMap(RedisException.class, Links::connectError);
  }

  private Link admitted(StatefulRedisConnection<byte[], byte[]> connection) {
    Link link = new Link(connection, scheduler, settings.maxOutstanding(), masters);
    admit(link);
    return link;
  }

  private void admit(Link link) {
    boolean late;
    synchronized (lock) {
      late = closed;
      if (!late) {
        open.add(link);
      }
    }
    if (late) {
      link.end(Errors.connection("the engine is closed"));
    }
    var unused =
        link.closed()
            .thenRun(
                () -> {
                  synchronized (lock) {
                    open.remove(link);
                  }
                });
  }

  private void logNameless(RedisException error) {
    if (namelessLogged.compareAndSet(false, true)) {
      log.warn(
          "The server does not answer CLIENT INFO ({}): blocked reads cannot be woken, and what was"
              + " sent on a connection that broke may still take effect",
          Errors.text(error));
    }
  }

  /**
   * Where there is no connection, nothing can be "under way": a timeout is no connection either.
   */
  private static RedisException connectError(RedisException error) {
    return error.is(RedisException.TIMEOUT)
        ? new RedisException(RedisException.CONNECTION, Errors.text(error), error)
        : error;
  }

  /** Ends all links, and those that are still to come. Completes when their channels are closed. */
  Mono<Void> close() {
    List<Link> all;
    synchronized (lock) {
      closed = true;
      all = List.copyOf(open);
    }
    all.forEach(link -> link.end(Errors.connection("the engine is closed")));
    return Flux.fromIterable(all).flatMap(link -> Mono.fromFuture(link.closed())).then();
  }
}
