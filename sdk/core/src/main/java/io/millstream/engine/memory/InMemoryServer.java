package io.millstream.engine.memory;

import io.millstream.engine.Engine;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * A Redis server in memory, as far as streams go (Redis 8.0). Several engines on one server are
 * several processes on one Redis. All its time (ids, idle times, blocking reads) is that of the
 * scheduler it is given; on a {@link VirtualScheduler} nothing waits.
 *
 * <p>A command that need not wait takes effect when it is subscribed to and answers on the
 * subscriber's thread. The reply of a read that had to wait, and connection events, come on a
 * worker of the scheduler. Any thread may call.
 *
 * @since 0.1
 */
public final class InMemoryServer {
  private final Server server;
  private final Faults faults;

  private InMemoryServer(Scheduler scheduler) {
    this.server = new Server(scheduler);
    this.faults = new Faults(server);
  }

  /** An empty server on the given time. */
  public static InMemoryServer create(Scheduler scheduler) {
    return new InMemoryServer(scheduler);
  }

  /** A new engine on database 0 of this server. Closing it keeps the data. */
  public Engine connect() {
    return open(0);
  }

  /**
   * SELECT: one of the 16 databases, for what is beyond the port. Closing its engine keeps the
   * data.
   *
   * @throws io.millstream.engine.RedisException if there is no such database
   */
  public InMemoryDatabase database(int index) {
    return new InMemoryDatabase(server, open(index));
  }

  private MemoryEngine open(int index) {
    MemoryEngine engine = new MemoryEngine(server, server.database(index));
    server.opened(engine);
    return engine;
  }

  /**
   * MULTI and EXEC: the body's commands, all on this thread, happen as one. Whoever waits for a key
   * is served when the last of them is done. The body must not wait for anything.
   */
  public <T extends @Nullable Object> T atomically(Supplier<T> body) {
    return server.atomically(body);
  }

  /**
   * SWAPDB: each of the two databases has the other's keys from now on.
   *
   * @throws io.millstream.engine.RedisException if there is no such database
   */
  public void swap(int one, int other) {
    Keyspace first = server.database(one);
    Keyspace second = server.database(other);
    server.change(() -> first.swap(second));
  }

  /**
   * CONFIG SET stream-node-max-entries and stream-node-max-bytes: when approximate trimming finds a
   * node full; 100 and 4096 unless set, 0 for no limit. For what is added from now on.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public void limitNodes(long entries, long bytes) {
    if (entries < 0 || bytes < 0) {
      throw new IllegalArgumentException(
          "node limits: " + entries + " entries, " + bytes + " bytes, expected zero or more");
    }
    server.lock.run(
        () -> {
          server.limits.entries = entries;
          server.limits.bytes = bytes;
        });
  }

  /** FLUSHALL: removes all keys. */
  public void flushAll() {
    server.change(() -> server.databases.forEach(Keyspace::clear));
  }

  /** DEL: whether there was such a key in database 0. */
  public boolean delete(String key) {
    return server.atomically(() -> server.database(0).delete(key));
  }

  /**
   * SET: makes the key of database 0 a string, whatever it was, so that stream commands on it
   * answer {@code WRONGTYPE}.
   */
  public void set(String key, String value) {
    server.change(() -> server.database(0).put(key, new Value.Text(value)));
  }

  /** PUBLISH: tells whoever listens to the channel; answers how many connections heard it. */
  public long publish(String channel, String message) {
    return server.lock.locked(() -> server.publish(channel, message));
  }

  /** Lets somebody hear all that is published, besides the engines that listen. */
  public void addAudience(Audience audience) {
    server.audiences.add(audience);
  }

  /** Ends an {@link #addAudience}. */
  public void removeAudience(Audience audience) {
    server.audiences.remove(audience);
  }

  /** TIME: the server's clock. */
  public Instant time() {
    return Instant.ofEpochMilli(server.now());
  }

  /** INFO's {@code blocked_clients}: how many reads wait, in all databases. */
  public int blockedReads() {
    return server.lock.locked(
        () -> server.databases.stream().mapToInt(database -> database.waiters.count()).sum());
  }

  /** The keys of database 0 that hold streams, in order. Not a command: see {@link #look}. */
  public List<String> streams() {
    return server.lock.locked(
        () -> {
          Keyspace keys = server.database(0);
          return keys.keys().stream().filter(key -> keys.value(key) instanceof StreamData).toList();
        });
  }

  /**
   * What a stream of database 0 holds, all of it, for tests to look at; null if there is no such
   * stream. Not a command: it counts nowhere, no fault keeps it from being seen, nor a broken
   * connection.
   */
  public @Nullable StreamSnapshot look(String key) {
    return server.lock.<@Nullable StreamSnapshot>locked(
        () ->
            server.database(0).value(key) instanceof StreamData stream
                ? Snapshots.of(stream, Long.MAX_VALUE)
                : null);
  }

  /** What makes this server fail. */
  public Faults faults() {
    return faults;
  }
}
