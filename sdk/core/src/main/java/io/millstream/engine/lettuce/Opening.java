package io.millstream.engine.lettuce;

import io.lettuce.core.api.StatefulRedisConnection;
import io.millstream.engine.RedisException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * The opening of one link: a connection is made, and what is to be done first is done on it. It
 * ends in time, also where the client is more patient (a user's may wait a minute for a server that
 * takes connections and says nothing); what comes too late is closed.
 *
 * @param <C> the kind of connection
 */
final class Opening<C extends StatefulRedisConnection<byte[], byte[]>> {
  private static final int ATTEMPTS = 3;

  private final Supplier<CompletionStage<C>> connect;
  private final Function<C, Link> toLink;
  private final BiFunction<Link, C, Mono<Void>> prepare;
  private final AtomicBoolean over = new AtomicBoolean();
  private final Disposable.Swap timer = Disposables.swap();
  private volatile @Nullable Link link;

  /**
   * Of a connection.
   *
   * @param connect makes it
   * @param toLink makes the link of it
   * @param prepare what is done before the link is handed out
   */
  Opening(
      Supplier<CompletionStage<C>> connect,
      Function<C, Link> toLink,
      BiFunction<Link, C, Mono<Void>> prepare) {
    this.connect = connect;
    this.toLink = toLink;
    this.prepare = prepare;
  }

  /** Opens it, and answers with it or with why not. A sink that is cancelled wants it no more. */
  void start(MonoSink<Link> sink, Scheduler scheduler, Duration patience) {
    sink.onCancel(() -> giveUp("nobody waits for the connection any more", null));
    try {
      timer.update(
          scheduler.schedule(
              () ->
                  giveUp(
                      "the server did not let us in within " + patience.toMillis() + " ms", sink),
              patience.toNanos(),
              TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException e) {
      sink.error(Errors.of(e));
      return;
    }
    var unused =
        connect(ATTEMPTS)
            .whenComplete(
                (connection, error) -> {
                  if (error == null) {
                    connectedOrFailed(connection, sink);
                  } else {
                    fail(Errors.of(error), sink);
                  }
                });
  }

  /**
   * When a server turns a login down faster than Lettuce can look, Lettuce finds its own handlers
   * gone and says so (IllegalStateException) instead of why. Then it is asked again.
   */
  private CompletionStage<C> connect(int attempts) {
    return connect
        .get()
        .handle(
            (connection, error) -> {
              if (error == null) {
                return CompletableFuture.completedStage(connection);
              }
              return attempts > 1 && Errors.root(error) instanceof IllegalStateException
                  ? connect(attempts - 1)
                  : CompletableFuture.<C>failedStage(error);
            })
        .thenCompose(Function.identity());
  }

  /** What is thrown in a future's callback is swallowed, and whoever waits would wait for ever. */
  private void connectedOrFailed(C connection, MonoSink<Link> sink) {
    try {
      connected(connection, sink);
    } catch (RuntimeException | LinkageError e) {
      var unused = connection.closeAsync();
      fail(Errors.of(e), sink);
    }
  }

  private void connected(C connection, MonoSink<Link> sink) {
    Link opened = toLink.apply(connection);
    link = opened;
    if (over.get()) {
      opened.end(Errors.connection("it came too late"));
      return;
    }
    prepare
        .apply(opened, connection)
        .subscribe(
            null,
            error -> {
              opened.end(Errors.of(error));
              fail(Errors.of(error), sink);
            },
            () -> {
              if (isFirst()) {
                sink.success(opened);
              }
            });
  }

  private void fail(RedisException error, MonoSink<Link> sink) {
    if (isFirst()) {
      sink.error(error);
    }
  }

  private void giveUp(String why, @Nullable MonoSink<Link> sink) {
    if (!isFirst()) {
      return;
    }
    RedisException error = Errors.connection(why);
    Link opened = link;
    if (opened != null) {
      opened.end(error);
    }
    if (sink != null) {
      sink.error(error);
    }
  }

  private boolean isFirst() {
    timer.dispose();
    return over.compareAndSet(false, true);
  }
}
