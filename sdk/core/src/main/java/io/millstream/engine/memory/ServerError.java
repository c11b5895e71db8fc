package io.millstream.engine.memory;

import io.millstream.engine.RedisException;

/**
 * What servers answer when something is wrong with them, word for word, for {@link Faults}. Any
 * other answer is {@link RedisException#of}.
 *
 * @since 0.1
 */
public enum ServerError {
  /** XGROUP CREATE: the group is there already. */
  BUSYGROUP("BUSYGROUP Consumer Group name already exists"),
  /** The group is gone, for example after FLUSHALL. */
  NOGROUP("NOGROUP No such key or consumer group"),
  /** The key is no stream. */
  WRONGTYPE("WRONGTYPE Operation against a key holding the wrong kind of value"),
  /** No memory is left for what writes. */
  OOM("OOM command not allowed when used memory > 'maxmemory'."),
  /** The server is a replica now, after a failover. */
  READONLY("READONLY You can't write against a read only replica."),
  /** The server has just started and reads its data. */
  LOADING("LOADING Redis is loading the dataset in memory"),
  /** A script runs for too long. */
  BUSY("BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."),
  /** Too few replicas are connected. */
  NOREPLICAS("NOREPLICAS Not enough good replicas to write."),
  /** A replica that has lost its master, and serves nothing meanwhile. */
  MASTERDOWN("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
  /** A slot of the cluster has no owner. */
  CLUSTERDOWN("CLUSTERDOWN The cluster is down"),
  /** The last snapshot could not be written. */
  MISCONF(
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to"
          + " disk."),
  /** The user may not do this. */
  NOPERM("NOPERM User default has no permissions to run this command");

  private final String text;

  ServerError(String text) {
    this.text = text;
  }

  /** A new exception with this code and text. */
  public RedisException exception() {
    return RedisException.of(text);
  }
}
