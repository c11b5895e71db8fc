package io.millstream.engine.memory;

import io.millstream.engine.RedisException;
import org.jspecify.annotations.Nullable;

/**
 * A fault that is being described: which commands, how often, and at last what befalls them. It is
 * planned when that is said, by {@link #fail}, {@link #loseReply} or {@link #dropConnection}.
 *
 * <pre>{@code
 * faults.on("XACK").stream("order:events").group("billing").times(3).fail(ServerError.OOM);
 * }</pre>
 *
 * @since 0.1
 */
public final class Fault {
  private final Server server;
  private final @Nullable String command;
  private @Nullable String key;
  private @Nullable String group;
  private int pass;
  private int times = 1;

  Fault(Server server, @Nullable String command) {
    this.server = server;
    this.command = command;
  }

  /** Only commands on this key. Default: any. */
  public Fault stream(String key) {
    this.key = key;
    return this;
  }

  /** Only commands of this consumer group. Default: any. */
  public Fault group(String group) {
    this.group = group;
    return this;
  }

  /**
   * Lets so many go through before. Default 0.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Fault after(int commands) {
    this.pass = notNegative("after", commands);
    return this;
  }

  /**
   * How many meet with it. Default 1.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Fault times(int commands) {
    this.times = notNegative("times", commands);
    return this;
  }

  /** All meet with it, until {@link Faults#clear()}. */
  public Fault always() {
    this.times = Integer.MAX_VALUE;
    return this;
  }

  /** They fail with this error, without effect. */
  public void fail(ServerError error) {
    fail(error.exception());
  }

  /**
   * They fail with this error, without effect. A reader whose read fails with {@link
   * RedisException#CONNECTION} or {@link RedisException#TIMEOUT} is spent.
   */
  public void fail(RedisException error) {
    plan(new FaultPlan.Kind.Fail(error));
  }

  /**
   * They take effect, and then fail with {@link RedisException#CONNECTION}, while the connection of
   * everything else stands. Of a blocked read it is the reply that ends the waiting.
   */
  public void loseReply() {
    plan(new FaultPlan.Kind.LoseReply());
  }

  /**
   * They take effect, and then the connections break and come back at once, as {@link
   * Faults#dropConnection()} does: the reply is lost, and so is every read that waits. Of a blocked
   * read it is the reply that ends the waiting.
   */
  public void dropConnection() {
    plan(new FaultPlan.Kind.DropConnection());
  }

  private void plan(FaultPlan.Kind kind) {
    server.lock.run(
        () -> server.faults.add(new FaultPlan.Match(command, key, group), kind, pass, times));
  }

  private static int notNegative(String what, int number) {
    if (number < 0) {
      throw new IllegalArgumentException(what + ": " + number + ", expected zero or more");
    }
    return number;
  }
}
