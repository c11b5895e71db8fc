package io.millstream.engine.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a database: streams, and the few other values that are there to be of the wrong type.
 */
final class Keyspace {
  final Waiters waiters = new Waiters();
  final NodeLimits limits;
  private Map<String, Value> values = new HashMap<>(); // guarded by the server's lock

  Keyspace(NodeLimits limits) {
    this.limits = limits;
  }

  /** What a key holds, or null if there is no such key. */
  @Nullable Value value(String key) {
    return values.get(key);
  }

  /** The value, or null if there is no such key; WRONGTYPE if it is of another type. */
  <V extends Value> @Nullable V value(String key, Class<V> type) {
    Value value = values.get(key);
    if (value != null && !type.isInstance(value)) {
      throw Errors.wrongType();
    }
    return type.cast(value);
  }

  /** The stream, or null if there is no such key; WRONGTYPE if the key is no stream. */
  @Nullable StreamData stream(String key) {
    return value(key, StreamData.class);
  }

  StreamData streamOrCreate(String key) {
    StreamData stream = stream(key);
    if (stream == null) {
      stream = new StreamData(limits);
      values.put(key, stream);
    }
    return stream;
  }

  /** The group and its stream, or null if there is no such key or group. */
  @Nullable StreamGroup group(String key, String group) {
    StreamData stream = stream(key);
    GroupData data = stream == null ? null : stream.groups().get(group);
    return stream == null || data == null ? null : new StreamGroup(stream, data);
  }

  /** The group and its stream, or the error of XPENDING, XCLAIM and XAUTOCLAIM. */
  StreamGroup required(String key, String group) {
    StreamGroup found = group(key, group);
    if (found == null) {
      throw Errors.noKeyOrGroup(key, group);
    }
    return found;
  }

  /** Something happened to the key that who waits for it must look at. */
  void changed(String key) {
    waiters.ready(key);
  }

  /** The key holds this from now on, whatever it held before. */
  void put(String key, Value value) {
    values.put(key, value);
    changed(key);
  }

  /** What the key held, which is gone; null if there was no such key. */
  @Nullable Value remove(String key) {
    Value removed = values.remove(key);
    if (removed != null) {
      changed(key);
    }
    return removed;
  }

  boolean delete(String key) {
    return remove(key) != null;
  }

  void clear() {
    new ArrayList<>(values.keySet()).forEach(this::delete);
  }

  /** All keys, in order. */
  List<String> keys() {
    return new ArrayList<>(new TreeSet<>(values.keySet()));
  }

  int size() {
    return values.size();
  }

  /** The two databases have each other's keys from now on; who waits stays where he is. */
  void swap(Keyspace other) {
    Map<String, Value> mine = values;
    values = other.values;
    other.values = mine;
    List.copyOf(waiters.keys()).forEach(this::changed);
    List.copyOf(other.waiters.keys()).forEach(other::changed);
  }
}
