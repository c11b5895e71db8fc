package io.millstream.engine.memory;

import io.millstream.engine.Engine;
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

  /** A new engine on this server. Closing it keeps the data. */
  public Engine connect() {
    MemoryEngine engine = new MemoryEngine(server);
    server.opened(engine);
    return engine;
  }

  /** FLUSHALL: removes all keys. */
  public void flushAll() {
    server.change(server.keyspace::clear);
  }

  /** DEL: whether there was such a key. */
  public boolean delete(String key) {
    boolean[] existed = new boolean[1];
    server.change(() -> existed[0] = server.keyspace.delete(key));
    return existed[0];
  }

  /**
   * SET: makes the key a string, whatever it was, so that stream commands on it answer {@code
   * WRONGTYPE}. The value itself is not kept; nothing can read it.
   */
  public void set(String key, String value) {
    server.change(() -> server.keyspace.setString(key));
  }

  /** INFO's {@code blocked_clients}: how many reads wait. */
  public int blockedReads() {
    int[] count = new int[1];
    server.lock.run(() -> count[0] = server.waiters.count());
    return count[0];
  }

  /** What makes this server fail. */
  public Faults faults() {
    return faults;
  }
}
