package io.millstream.engine.lettuce;

import io.lettuce.core.CommandListenerWriter;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandExpiryWriter;
import io.lettuce.core.protocol.CommandType;
import io.millstream.engine.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * One physical connection, from its start to its end: it never reconnects. When it ends, by itself
 * or by a missed deadline, all that is outstanding on it fails at once, and nothing of it is ever
 * sent again.
 */
final class Link {
  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final @Nullable RedisChannelWriter withoutExpiry;
  private final Scheduler scheduler;
  private final int maxOutstanding;
  private final MasterCheck masters;
  private final CompletableFuture<RedisException> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile @Nullable Identity identity;

  private final Object lock = new Object();
  private final Set<Sent> outstanding = new LinkedHashSet<>(); // guarded by lock
  private @Nullable RedisException end; // guarded by lock
  private @Nullable Disposable timer; // guarded by lock
  private long timerDue; // guarded by lock; means something while there is a timer

  /**
   * Of a connection that is made.
   *
   * @param masters hears what the server refuses
   */
  Link(
      StatefulRedisConnection<byte[], byte[]> connection,
      Scheduler scheduler,
      int maxOutstanding,
      MasterCheck masters) {
    this.connection = connection;
    this.scheduler = scheduler;
    this.maxOutstanding = maxOutstanding;
    this.masters = masters;
    connection.setTimeout(Duration.ZERO);
    this.withoutExpiry = withoutExpiry(connection);
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
            end(Errors.connection("the connection was lost"));
          }
        });
    if (!connection.isOpen()) {
      end(Errors.connection("the connection was lost"));
    }
  }

  /**
   * A client may be set to expire commands: after the connection's timeout (which is taken off
   * above) or as a source of its own says, which knows nothing of BLOCK. The latter sits in a
   * writer; what is behind it takes commands that have a deadline of ours.
   */
  private static @Nullable RedisChannelWriter withoutExpiry(
      StatefulRedisConnection<byte[], byte[]> connection) {
    if (!(connection instanceof RedisChannelHandler<?, ?> handler)
        || handler.getOptions().getTimeoutOptions().isApplyConnectionTimeout()) {
      return null;
    }
    RedisChannelWriter writer = handler.getChannelWriter();
    if (writer instanceof CommandListenerWriter listening) {
      writer = listening.getDelegate();
    }
    return writer instanceof CommandExpiryWriter expiring ? expiring.getDelegate() : null;
  }

  /**
   * Learns who it is to the server. A server that does not tell (no right, no such subcommand) is
   * put up with.
   *
   * @return the error if the server does not tell
   */
  Mono<RedisException> identify(Duration patience) {
    Call ask = Identity.ask();
    return send(ask, patience)
        .doOnNext(tree -> identity = Decode.reply(ask, tree, Identity::parse))
        .then(Mono.<RedisException>empty())
        .onErrorResume(
            RedisException.class, e -> Errors.isRefusal(e) ? Mono.just(e) : Mono.error(e));
  }

  /** Who it is to the server; null if that is not known. */
  @Nullable Identity identity() {
    return identity;
  }

  /** Completes, never exceptionally, with why it ended. */
  CompletableFuture<RedisException> ended() {
    return ended;
  }

  /** Completes, never exceptionally, when it has ended and its channel is closed. */
  CompletableFuture<Void> closed() {
    return closed;
  }

  boolean isEnded() {
    synchronized (lock) {
      return end != null;
    }
  }

  /**
   * Sends on each subscription, once.
   *
   * @param patience how long to wait for the reply, null for ever; when it is over, the command
   *     fails with TIMEOUT and the link ends
   */
  Mono<Object> send(Call call, @Nullable Duration patience) {
    return Mono.create(sink -> send(call, patience, false, sink));
  }

  /**
   * As {@link #send}, behind an ASKING: a node that is about to get a slot takes the command then.
   */
  Mono<Object> sendAsking(Call call, @Nullable Duration patience) {
    return Mono.create(sink -> send(call, patience, true, sink));
  }

  private void send(Call call, @Nullable Duration patience, boolean asking, MonoSink<Object> sink) {
    long deadline =
        patience == null ? Sent.NEVER : scheduler.now(TimeUnit.NANOSECONDS) + patience.toNanos();
    Sent sent = new Sent(call, deadline);
    RedisException refusal = register(sent);
    if (refusal != null) {
      sink.error(refusal);
      return;
    }
    Cancellation cancellation = new Cancellation();
    sink.onCancel(cancellation);
    var unused =
        sent.whenComplete(
            (reply, error) -> {
              unregister(sent);
              if (error == null) {
                sink.success(reply);
                return;
              }
              RedisException known = Errors.of(error);
              if (!cancellation.isDisposed()) {
                sink.error(known);
              }
              masters.heard(known, this);
            });
    dispatch(sent, asking);
  }

  /** ASKING is for the next command only: nothing may come between the two. */
  private void dispatch(Sent sent, boolean asking) {
    try {
      if (asking) {
        List<Sent> both = List.of(new Sent(Call.of(CommandType.ASKING), Sent.NEVER), sent);
        if (withoutExpiry == null) {
          connection.dispatch(both);
        } else {
          withoutExpiry.write(both);
        }
      } else if (withoutExpiry == null) {
        connection.dispatch(sent);
      } else {
        withoutExpiry.write(sent);
      }
    } catch (RuntimeException e) {
      sent.completeExceptionally(e);
    }
  }

  private @Nullable RedisException register(Sent sent) {
    synchronized (lock) {
      if (end != null) {
        return Errors.connection(Errors.text(end));
      }
      if (outstanding.size() >= maxOutstanding) {
        return new RedisException(
            "BUSY", "BUSY " + maxOutstanding + " commands wait for their replies already");
      }
      try {
        watch(sent.deadline());
      } catch (RejectedExecutionException e) {
        return Errors.of(e);
      }
      outstanding.add(sent);
      return null;
    }
  }

  private void unregister(Sent sent) {
    synchronized (lock) {
      outstanding.remove(sent);
    }
  }

  /** Under the lock: sees to it that somebody looks when this deadline passes. */
  private void watch(long deadline) {
    if (deadline == Sent.NEVER || (timer != null && timerDue <= deadline)) {
      return;
    }
    if (timer != null) {
      timer.dispose();
    }
    timerDue = deadline;
    long delay = Math.max(0, deadline - scheduler.now(TimeUnit.NANOSECONDS));
    timer = scheduler.schedule(() -> look(deadline), delay, TimeUnit.NANOSECONDS);
  }

  private void look(long due) {
    List<Sent> late = new ArrayList<>();
    synchronized (lock) {
      if (end != null || timerDue != due) {
        return;
      }
      timer = null;
      long now = scheduler.now(TimeUnit.NANOSECONDS);
      long next = Sent.NEVER;
      for (Sent sent : outstanding) {
        if (sent.deadline() - now <= 0) {
          late.add(sent);
        } else {
          next = Math.min(next, sent.deadline());
        }
      }
      if (late.isEmpty()) {
        watch(next);
      }
    }
    if (!late.isEmpty()) {
      end(Errors.connection("the connection was given up: it did not answer in time"), late);
    }
  }

  /** Ends it. What is outstanding fails with this error. Ending twice is the same as once. */
  void end(RedisException why) {
    end(why, List.of());
  }

  private void end(RedisException why, List<Sent> late) {
    List<Sent> open;
    synchronized (lock) {
      if (end != null) {
        return;
      }
      end = why;
      open = List.copyOf(outstanding);
      if (timer != null) {
        timer.dispose();
      }
    }
    late.forEach(
        sent ->
            sent.completeExceptionally(
                new RedisException(
                    RedisException.TIMEOUT, "no reply to " + sent.getType() + " in time")));
    open.forEach(sent -> sent.completeExceptionally(Errors.again(why)));
    // Lettuce drops what is done, and an endpoint that is closed sends nothing any more.
    var unused = connection.closeAsync().whenComplete((nothing, error) -> closed.complete(null));
    ended.complete(why);
  }

  /** Whether the caller has lost interest: then a failure is nobody's. */
  private static final class Cancellation implements Disposable {
    private volatile boolean cancelled;

    @Override
    public void dispose() {
      cancelled = true;
    }

    @Override
    public boolean isDisposed() {
      return cancelled;
    }
  }
}
