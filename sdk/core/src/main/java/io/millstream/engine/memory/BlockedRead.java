package io.millstream.engine.memory;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamEntries;
import io.millstream.engine.memory.Server.Admission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;

/**
 * A read that waits at the server, and then, once it is answered, for its reply to be delivered.
 * All methods but {@link #deliver} want the server's lock.
 */
final class BlockedRead implements Waiter {
  private record Reply(@Nullable List<StreamEntries> entries, @Nullable RedisException error) {}

  private final Server server;
  private final MemoryReader reader;
  private final ReadArgs args;
  private final Admission admission;
  private final MonoSink<List<StreamEntries>> sink;
  private @Nullable Reply reply; // guarded by the server's lock
  private @Nullable Disposable deadline; // guarded by the server's lock

  BlockedRead(
      Server server,
      MemoryReader reader,
      ReadArgs args,
      Admission admission,
      MonoSink<List<StreamEntries>> sink) {
    this.server = server;
    this.reader = reader;
    this.args = args;
    this.admission = admission;
    this.sink = sink;
  }

  @Override
  public List<String> keys() {
    LinkedHashSet<String> keys = new LinkedHashSet<>();
    args.streams().forEach(stream -> keys.add(stream.key()));
    return new ArrayList<>(keys);
  }

  @Override
  public boolean wakesForAnything() {
    return true;
  }

  @Override
  public boolean wakesFor(String key) {
    return true;
  }

  @Override
  public boolean tryAgain() {
    try {
      List<StreamEntries> entries = reader.attempt(args);
      if (entries == null) {
        return false;
      }
      answer(entries, null);
    } catch (RedisException e) {
      answer(null, e);
    }
    return true;
  }

  void answerNil() {
    answer(null, null);
  }

  /** The server's answer. Nobody hears it if the connection broke before. */
  private void answer(@Nullable List<StreamEntries> entries, @Nullable RedisException error) {
    cancelDeadline();
    if (reply != null) {
      return;
    }
    if (admission == Admission.GRANTED) {
      reply = new Reply(entries, error);
    } else {
      reader.spend();
      reply = new Reply(null, server.lostReply(GroupRead.called(args), admission));
    }
    reader.deliverLater(this);
  }

  /** The connection broke: this is what the caller hears, even if the answer was on its way. */
  void fail(RedisException error) {
    boolean onItsWay = reply != null;
    reply = new Reply(null, error);
    if (!onItsWay) {
      reader.deliverLater(this);
    }
  }

  /** The server has forgotten it, and so must time. */
  void cancelDeadline() {
    if (deadline != null) {
      deadline.dispose();
    }
  }

  void expiresBy(Disposable task) {
    if (reply == null) {
      deadline = task;
    } else {
      task.dispose();
    }
  }

  /** Hands the reply to the caller, on a worker, without the lock. */
  void deliver() {
    Reply last =
        server.lock.locked(
            () -> {
              reader.finished(this);
              return Objects.requireNonNull(reply, "delivered without a reply");
            });
    if (last.error() != null) {
      sink.error(last.error());
    } else {
      sink.success(last.entries());
    }
  }
}
