package io.millstream.engine.memory;

import io.millstream.engine.RedisException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A command that may wait for its keys, for one caller, once.
 *
 * @param <T> its reply
 * @since 0.1
 */
public final class BlockingCall<T> {
  /** How long to wait for no matter how long. */
  static final long FOREVER = 0;

  private final Server server;
  private final MemoryEngine engine;
  private final Command<T> command;
  private final Waiting waiting = new Waiting();
  private final Disposable.Swap deadline = Disposables.swap();
  private @Nullable MonoSink<T> sink; // guarded by the server's lock: there until it is answered

  /**
   * What is to be run.
   *
   * @param called as the gate sees it; it waits for its keys
   * @param blockMillis for how long, 0 without end, null not at all
   * @param readable the values that it can read; what else becomes of a key is no news to it. Null
   *     if everything is news
   * @param attempt what it does; null if there is nothing yet
   */
  record Command<T>(
      Called called,
      @Nullable Long blockMillis,
      @Nullable Predicate<@Nullable Value> readable,
      Effect<T> attempt) {}

  BlockingCall(Server server, MemoryEngine engine, Command<T> command) {
    this.server = server;
    this.engine = engine;
    this.command = command;
  }

  /**
   * Runs it. What need not wait answers on the subscriber's thread, the rest on a worker of the
   * server's scheduler. Empty (nil) if there was nothing in time. Cancelling withdraws it from the
   * server, as the end of a client's connection does.
   */
  public Mono<T> reply() {
    return Mono.create(
        subscriber -> {
          try {
            @Nullable T now = server.lock.<@Nullable T>locked(() -> start(subscriber));
            if (now != null || !waits()) {
              subscriber.success(now);
            }
          } catch (RedisException e) {
            subscriber.error(e);
          }
        });
  }

  private @Nullable T start(MonoSink<T> subscriber) {
    @Nullable T now = server.call(engine, command.called(), command.attempt());
    if (now == null && command.blockMillis() != null) {
      sink = subscriber;
      engine.keyspace.waiters.add(waiting);
      subscriber.onDispose(this::withdraw);
      long millis = command.blockMillis();
      if (millis != FOREVER) {
        server.lock.afterwards(
            () -> deadline.update(engine.onWorkerAfter(millis, () -> end(null))));
      }
    }
    return now;
  }

  private boolean waits() {
    return command.blockMillis() != null;
  }

  /**
   * CLIENT UNBLOCK: ends the waiting.
   *
   * @param error what it is answered with, or null for nil, as if its time were over
   * @return whether it waited
   */
  public boolean unblock(@Nullable RedisException error) {
    return end(error);
  }

  private boolean end(@Nullable RedisException error) {
    return server.lock.locked(
        () -> {
          boolean waited = engine.keyspace.waiters.remove(waiting);
          if (waited) {
            answer(null, error);
          }
          return waited;
        });
  }

  private void withdraw() {
    server.lock.run(() -> engine.keyspace.waiters.remove(waiting));
    deadline.dispose();
  }

  /** The lock is held, and nobody waits any more. */
  private void answer(@Nullable T reply, @Nullable RedisException error) {
    MonoSink<T> subscriber = sink;
    sink = null;
    if (subscriber == null) {
      return;
    }
    server.lock.afterwards(
        () ->
            engine.onWorker(
                () -> {
                  if (error == null) {
                    subscriber.success(reply);
                  } else {
                    subscriber.error(error);
                  }
                }));
  }

  private final class Waiting implements Waiter {
    @Override
    public List<String> keys() {
      return List.copyOf(new LinkedHashSet<>(command.called().keys()));
    }

    @Override
    public boolean wakesForAnything() {
      return command.readable() == null;
    }

    @Override
    public boolean wakesFor(String key) {
      return command.readable() == null || command.readable().test(engine.keyspace.value(key));
    }

    @Override
    public boolean tryAgain() {
      try {
        @Nullable T reply = command.attempt().run();
        if (reply == null) {
          return false;
        }
        answer(reply, null);
      } catch (RedisException e) {
        answer(null, e);
      }
      return true;
    }
  }
}
