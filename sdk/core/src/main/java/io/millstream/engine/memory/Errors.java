package io.millstream.engine.memory;

import io.millstream.engine.RedisException;

/** What Redis says when something is wrong, word for word. */
final class Errors {
  private Errors() {}

  static RedisException err(String text) {
    return RedisException.of("ERR " + text);
  }

  static RedisException arguments(String command) {
    return err("wrong number of arguments for '" + command + "' command");
  }

  static RedisException invalidId() {
    return err("Invalid stream ID specified as stream command argument");
  }

  static RedisException notAnInteger() {
    return err("value is not an integer or out of range");
  }

  static RedisException noSuchKey() {
    return err("no such key");
  }

  static RedisException busyKey() {
    return RedisException.of("BUSYKEY Target key name already exists.");
  }

  static RedisException wrongType() {
    return RedisException.of("WRONGTYPE Operation against a key holding the wrong kind of value");
  }

  static RedisException keyRequired() {
    return err(
        "The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use"
            + " the MKSTREAM option to create an empty stream automatically.");
  }

  static RedisException busyGroup() {
    return RedisException.of("BUSYGROUP Consumer Group name already exists");
  }

  /** Of XGROUP and XINFO. */
  static RedisException noSuchGroup(String key, String group) {
    return RedisException.of(
        "NOGROUP No such consumer group '" + group + "' for key name '" + key + "'");
  }

  /** Of XPENDING, XCLAIM and XAUTOCLAIM. */
  static RedisException noKeyOrGroup(String key, String group) {
    return RedisException.of("NOGROUP No such key '" + key + "' or consumer group '" + group + "'");
  }

  static RedisException noGroupToRead(String key, String group) {
    return RedisException.of(
        "NOGROUP No such key '"
            + key
            + "' or consumer group '"
            + group
            + "' in XREADGROUP with GROUP option");
  }

  static RedisException meaninglessId(String id) {
    return err(
        "The "
            + id
            + " ID is meaningless in the context of XREADGROUP: you want to read the history of"
            + " this consumer by specifying a proper ID, or use the > ID to get new messages. The "
            + id
            + " ID would just return an empty result set.");
  }

  static RedisException connection(String why) {
    return new RedisException(RedisException.CONNECTION, why);
  }
}
