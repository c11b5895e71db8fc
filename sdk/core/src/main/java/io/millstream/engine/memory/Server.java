package io.millstream.engine.memory;

import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.RedisException;
import io.millstream.engine.Signal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** What all engines of a server share, and the one gate that every command of theirs passes. */
final class Server {
  private static final int DATABASES = 16;

  final Scheduler scheduler;
  final ServerLock lock = new ServerLock();
  final NodeLimits limits = new NodeLimits();
  final List<Keyspace> databases = // what they hold is guarded by lock
      Stream.generate(() -> new Keyspace(limits)).limit(DATABASES).toList();
  final FaultPlan faults = new FaultPlan();
  final Channels channels = new Channels(); // guarded by lock
  final List<Audience> audiences = new CopyOnWriteArrayList<>();

  private final Set<MemoryEngine> engines = new LinkedHashSet<>(); // guarded by lock
  private boolean connected = true; // guarded by lock

  Server(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** SELECT. */
  Keyspace database(int index) {
    if (index < 0 || index >= DATABASES) {
      throw Errors.err("DB index is out of range");
    }
    return databases.get(index);
  }

  /** The server's wall clock. */
  long now() {
    return scheduler.now(TimeUnit.MILLISECONDS);
  }

  /** Runs a command to its end: the gate, its effect, whoever waited for it, and its reply. */
  <T> @Nullable T call(MemoryEngine engine, String command, Effect<T> effect) {
    return lock.<@Nullable T>locked(
        () -> {
          boolean replyLost = admit(engine, command);
          @Nullable T reply;
          try {
            reply = effect.run();
          } catch (RedisException e) {
            throw replyLost ? lostReply(command) : e;
          } finally {
            serveWaiters();
          }
          if (replyLost) {
            throw lostReply(command);
          }
          return reply;
        });
  }

  /**
   * The gate: lets a command through, or throws what keeps it from the server. The lock is held.
   *
   * @return whether the reply shall be lost
   */
  boolean admit(MemoryEngine engine, String command) {
    if (engine.closed()) {
      throw Errors.connection("the engine is closed");
    }
    if (!connected) {
      throw Errors.connection("not connected");
    }
    RedisException failure = faults.nextFailure(command);
    if (failure != null) {
      throw failure;
    }
    return faults.losesReply(command);
  }

  static RedisException lostReply(String command) {
    return Errors.connection("the connection broke before the reply to " + command + " came");
  }

  /** A change from outside, by nobody's engine: no fault keeps it from happening. */
  void change(Runnable effect) {
    atomically(
        () -> {
          effect.run();
          return true;
        });
  }

  /** Several commands as one: whoever waits is served when the last of them is done. */
  <T extends @Nullable Object> T atomically(Supplier<T> commands) {
    return lock.locked(
        () -> {
          try {
            return commands.get();
          } finally {
            serveWaiters();
          }
        });
  }

  private void serveWaiters() {
    if (lock.isOutermost()) {
      databases.forEach(database -> database.waiters.serve());
    }
  }

  void opened(MemoryEngine engine) {
    lock.run(() -> engines.add(engine));
  }

  /** The lock is held. */
  void closed(MemoryEngine engine) {
    engines.remove(engine);
    channels.end(engine);
  }

  /** Tells engines and whoever else listens; answers how many connections heard it. */
  long publish(String channel, String message) {
    long heard = channels.publish(channel);
    for (Audience audience : audiences) {
      heard += audience.hear(channel, message);
    }
    return heard;
  }

  /** The lock is held. */
  void listen(Listener listener) {
    if (listener.engine.closed()) {
      listener.end();
      return;
    }
    channels.add(listener);
    if (connected) {
      listener.tell(Signal.LISTENING);
    }
  }

  void disconnect() {
    lock.run(
        () -> {
          if (connected) {
            connected = false;
            for (MemoryEngine engine : List.copyOf(engines)) {
              engine.announce(ConnectionEvent.DISCONNECTED);
              engine.loseReaders("the connection broke");
            }
          }
        });
  }

  void connect() {
    lock.run(
        () -> {
          if (!connected) {
            connected = true;
            engines.forEach(engine -> engine.announce(ConnectionEvent.CONNECTED));
            channels.connected();
          }
        });
  }
}
