package io.millstream.engine.memory;

import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.RedisException;
import io.millstream.engine.Signal;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
  private final AtomicLong clockAheadMillis = new AtomicLong();

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
    return scheduler.now(TimeUnit.MILLISECONDS) + clockAheadMillis.get();
  }

  void jumpClock(Duration by) {
    clockAheadMillis.addAndGet(by.toMillis());
  }

  /** Runs a command to its end: the gate, its effect, whoever waited for it, and its reply. */
  <T> @Nullable T call(MemoryEngine engine, Called called, Effect<T> effect) {
    return lock.<@Nullable T>locked(
        () -> {
          Admission admission = admit(engine, called);
          @Nullable T reply;
          try {
            reply = effect.run();
          } catch (RedisException e) {
            throw admission == Admission.GRANTED ? e : lostReply(called, admission);
          } finally {
            serveWaiters();
          }
          if (admission != Admission.GRANTED) {
            throw lostReply(called, admission);
          }
          return reply;
        });
  }

  /** How a command that was let through ends. */
  enum Admission {
    /** With its reply. */
    GRANTED,
    /** Its reply is lost. */
    WITHOUT_REPLY,
    /** Its reply is lost, for all connections break. */
    CONNECTION_BREAKS
  }

  /**
   * The gate: lets a command through, or throws what keeps it from the server. The lock is held.
   */
  Admission admit(MemoryEngine engine, Called called) {
    if (engine.closed()) {
      throw Errors.connection("the engine is closed");
    }
    if (!connected) {
      throw Errors.connection("not connected");
    }
    FaultPlan.Kind fault = faults.next(called);
    if (fault instanceof FaultPlan.Kind.Fail failure) {
      throw failure.error();
    }
    if (fault == null) {
      return Admission.GRANTED;
    }
    return fault instanceof FaultPlan.Kind.LoseReply
        ? Admission.WITHOUT_REPLY
        : Admission.CONNECTION_BREAKS;
  }

  /**
   * What the caller hears whose reply is lost. If the connections are to break, they do so once the
   * lock, which is held, is free: everybody whom this command serves is served before.
   */
  RedisException lostReply(Called called, Admission admission) {
    if (admission == Admission.CONNECTION_BREAKS) {
      lock.afterwards(this::dropConnection);
    }
    return Errors.connection("the connection broke before the reply to " + called.name() + " came");
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

  void dropConnection() {
    lock.run(
        () -> {
          disconnect();
          connect();
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
