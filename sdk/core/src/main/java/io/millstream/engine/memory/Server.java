package io.millstream.engine.memory;

import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.RedisException;
import io.millstream.engine.Signal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** What all engines of a server share, and the one gate that every command of theirs passes. */
final class Server {
  final Scheduler scheduler;
  final ServerLock lock = new ServerLock();
  final Waiters waiters = new Waiters();
  final Keyspace keyspace = new Keyspace(waiters);
  final FaultPlan faults = new FaultPlan();
  final Channels channels = new Channels(); // guarded by lock

  private final Set<MemoryEngine> engines = new LinkedHashSet<>(); // guarded by lock
  private boolean connected = true; // guarded by lock

  Server(Scheduler scheduler) {
    this.scheduler = scheduler;
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
            waiters.serve();
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
    lock.run(
        () -> {
          effect.run();
          waiters.serve();
        });
  }

  void opened(MemoryEngine engine) {
    lock.run(() -> engines.add(engine));
  }

  /** The lock is held. */
  void closed(MemoryEngine engine) {
    engines.remove(engine);
    channels.end(engine);
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
