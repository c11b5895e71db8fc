package io.millstream.engine.memory;

import io.millstream.engine.RedisException;

/**
 * Makes an {@link InMemoryServer} fail on demand. Faults hold for all engines of the server, and
 * act at the one gate that every command passes.
 *
 * <p>A command is named as Redis names it: {@code XADD}, {@code XREADGROUP}, {@code XACK}, {@code
 * "XGROUP CREATE"}, {@code "XINFO GROUPS"}, {@code "CLIENT UNBLOCK"} and {@code "CLIENT KILL"}
 * (closing a reader), {@code PUBLISH} and so on; an atomic step by its method: {@code redeliver},
 * {@code renew}, {@code deadLetter}, {@code release}, {@code removeConsumer}, {@code takeOver},
 * {@code takeReleased}, {@code acknowledgeAndDelete}, {@code deleteSettled}, {@code redrive},
 * {@code trim}, {@code removeIdleConsumer}; opening a reader is {@code openReader}.
 *
 * @since 0.1
 */
public final class Faults {
  private final Server server;

  Faults(Server server) {
    this.server = server;
  }

  /**
   * Lets the next runs of a command fail without any effect. Asked for several times, the failures
   * come one after the other. A reader whose read fails with {@link RedisException#CONNECTION} or
   * {@link RedisException#TIMEOUT} is spent.
   *
   * @throws IllegalArgumentException if {@code times} is negative
   */
  public void failNext(String command, int times, RedisException error) {
    requireTimes(times);
    server.lock.run(() -> server.faults.fail(command, times, error));
  }

  /**
   * Lets the next runs of a command take effect, and then fail with {@link
   * RedisException#CONNECTION}. Of a blocked read it is the reply that ends the waiting.
   *
   * @throws IllegalArgumentException if {@code times} is negative
   */
  public void loseReply(String command, int times) {
    requireTimes(times);
    server.lock.run(() -> server.faults.loseReply(command, times));
  }

  /**
   * Breaks all connections: the engines say {@link
   * io.millstream.engine.ConnectionEvent#DISCONNECTED}, outstanding reads fail with {@link
   * RedisException#CONNECTION} and all readers are spent, and commands fail with the same code
   * until {@link #connect()}. The server forgets the reads at once and keeps its data. Nothing
   * happens if it is disconnected already.
   */
  public void disconnect() {
    server.disconnect();
  }

  /**
   * Ends a {@link #disconnect()}: the engines say {@link
   * io.millstream.engine.ConnectionEvent#CONNECTED}.
   */
  public void connect() {
    server.connect();
  }

  /** Forgets the faults that have not happened yet. It does not {@link #connect()}. */
  public void clear() {
    server.lock.run(server.faults::clear);
  }

  private static void requireTimes(int times) {
    if (times < 0) {
      throw new IllegalArgumentException("times: " + times + ", expected zero or more");
    }
  }
}
