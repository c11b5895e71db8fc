package io.millstream.engine.memory;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamEntries;
import io.millstream.engine.memory.Server.Admission;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A reader: at most one read at a time, spent when its connection broke. */
final class MemoryReader implements Reader {
  /** Either what a read got at once, or the read that waits. */
  private record Sent(@Nullable List<StreamEntries> entries, @Nullable BlockedRead blocked) {}

  private final MemoryEngine engine;
  private final Server server;
  private @Nullable BlockedRead outstanding; // guarded by the server's lock
  private boolean spent; // guarded by the server's lock
  private @Nullable Boolean closed; // guarded by the server's lock: what close() answered

  MemoryReader(MemoryEngine engine, Server server) {
    this.engine = engine;
    this.server = server;
  }

  @Override
  public Mono<List<StreamEntries>> read(ReadArgs args) {
    return Mono.create(
        sink -> {
          Sent sent;
          try {
            sent = server.lock.locked(() -> send(args, sink));
          } catch (RedisException | IllegalStateException e) {
            sink.error(e);
            return;
          }
          if (sent.blocked() == null) {
            sink.success(sent.entries());
          } else {
            startDeadline(sent.blocked(), GroupRead.blockMillis(args));
          }
        });
  }

  private Sent send(ReadArgs args, MonoSink<List<StreamEntries>> sink) {
    if (outstanding != null) {
      throw new IllegalStateException("a read is under way: a reader takes one at a time");
    }
    if (spent) {
      throw Errors.connection("the reader is spent");
    }
    Called called = GroupRead.called(args);
    Admission admission = Admission.GRANTED;
    try {
      admission = server.admit(engine, called);
      List<StreamEntries> entries = attempt(args);
      if (entries == null && args.block() != null) {
        outstanding = new BlockedRead(server, this, args, admission, sink);
        engine.keyspace.waiters.add(outstanding);
        return new Sent(null, outstanding);
      }
      if (admission == Admission.GRANTED) {
        return new Sent(entries, null);
      }
    } catch (RedisException e) {
      if (admission == Admission.GRANTED) {
        spent |= e.outcomeUnknown();
        throw e;
      }
    }
    spent = true;
    throw server.lostReply(called, admission);
  }

  private void startDeadline(BlockedRead read, long millis) {
    if (millis > 0) {
      var task = engine.onWorkerAfter(millis, () -> expire(read));
      server.lock.run(() -> read.expiresBy(task));
    }
  }

  private void expire(BlockedRead read) {
    server.lock.run(
        () -> {
          if (engine.keyspace.waiters.remove(read)) {
            read.answerNil();
          }
        });
  }

  @Override
  public Mono<Boolean> unblock() {
    return engine.command(
        Called.named("CLIENT UNBLOCK"),
        () -> {
          boolean waited = outstanding != null && engine.keyspace.waiters.remove(outstanding);
          if (waited && outstanding != null) {
            outstanding.answerNil();
          }
          return waited;
        });
  }

  @Override
  public Mono<Boolean> close() {
    return Mono.fromSupplier(() -> server.lock.locked(this::closeOnce));
  }

  private boolean closeOnce() {
    if (closed != null) {
      return closed;
    }
    boolean certain = false;
    try {
      Admission admission = server.admit(engine, Called.named("CLIENT KILL"));
      lose("the reader is closed");
      certain = admission == Admission.GRANTED;
    } catch (RedisException e) {
      breakOff("the reader is closed");
    }
    engine.forget(this);
    closed = certain;
    return certain;
  }

  /** The connection broke, and the server knows it. The lock is held. */
  void lose(String why) {
    if (outstanding != null) {
      engine.keyspace.waiters.remove(outstanding);
      outstanding.cancelDeadline();
    }
    breakOff(why);
  }

  /** The connection broke; a read that waits at the server goes on waiting. The lock is held. */
  private void breakOff(String why) {
    spend();
    if (outstanding != null) {
      outstanding.fail(Errors.connection(why));
    }
  }

  /** The lock is held. */
  void spend() {
    spent = true;
  }

  /** Runs the command; null if there is nothing. The lock is held. */
  @Nullable List<StreamEntries> attempt(ReadArgs args) {
    return GroupRead.run(engine.keyspace, args, server.now());
  }

  /** The lock is held. */
  void deliverLater(BlockedRead read) {
    server.lock.afterwards(() -> engine.onWorker(read::deliver));
  }

  /** The lock is held. */
  void finished(BlockedRead read) {
    if (outstanding == read) {
      outstanding = null;
    }
  }
}
