package io.millstream.engine.memory;

import io.millstream.engine.RedisException;
import java.time.Duration;

/**
 * Makes an {@link InMemoryServer} fail on demand. Faults hold for all engines of the server, and
 * act at the one gate that every command passes.
 *
 * <p>A command is named as Redis names it: {@code XADD}, {@code XREADGROUP}, {@code XACK}, {@code
 * "XGROUP CREATE"}, {@code "XINFO GROUPS"}, {@code "CLIENT UNBLOCK"} and {@code "CLIENT KILL"}
 * (closing a reader), {@code PUBLISH} and so on; an atomic step by its method: {@code redeliver},
 * {@code renew}, {@code deadLetter}, {@code release}, {@code removeConsumer}, {@code takeOver},
 * {@code takeReleased}, {@code redrive}, {@code trim}, {@code removeIdleConsumer}; opening a reader
 * is {@code openReader}.
 *
 * @since 0.1
 */
public final class Faults {
  private final Server server;

  Faults(Server server) {
    this.server = server;
  }

  /**
   * A fault of the next runs of a command, for example {@code on("XACK").times(3).fail(OOM)}. Of
   * several that fit one run, the one that was asked for first befalls it.
   */
  public Fault on(String command) {
    return new Fault(server, command);
  }

  /**
   * A fault of whatever is asked of the server next, but for opening and closing connections, for
   * example {@code onAny().always().fail(LOADING)}.
   */
  public Fault onAny() {
    return new Fault(server, null);
  }

  /**
   * Lets the next runs of a command fail without any effect: {@code on(command).times(times)
   * .fail(error)}.
   *
   * @throws IllegalArgumentException if {@code times} is negative
   */
  public void failNext(String command, int times, RedisException error) {
    on(command).times(times).fail(error);
  }

  /**
   * Lets the next runs of a command take effect, and then fail: {@code on(command).times(times)
   * .loseReply()}.
   *
   * @throws IllegalArgumentException if {@code times} is negative
   */
  public void loseReply(String command, int times) {
    on(command).times(times).loseReply();
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

  /** {@link #disconnect()} and {@link #connect()}, without time passing between them. */
  public void dropConnection() {
    server.dropConnection();
  }

  /**
   * Lets the server's wall clock jump, as one that is set right: new ids, idle times and TIME
   * follow it; what waits, waits as long as before. Back, if negative. Jumps add up.
   */
  public void jumpClock(Duration by) {
    server.jumpClock(by);
  }

  /**
   * Forgets the faults that have not happened yet. It does not {@link #connect()}, nor set the
   * clock right.
   */
  public void clear() {
    server.lock.run(server.faults::clear);
  }
}
