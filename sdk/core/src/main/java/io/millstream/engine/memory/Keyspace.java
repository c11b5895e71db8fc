package io.millstream.engine.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of a server: streams, and strings, which are only there to be of the wrong type. */
final class Keyspace {
  private final Map<String, StreamData> streams = new HashMap<>(); // guarded by the server's lock
  private final Set<String> strings = new HashSet<>(); // guarded by the server's lock
  private final Waiters waiters;

  Keyspace(Waiters waiters) {
    this.waiters = waiters;
  }

  /** The stream, or null if there is no such key; WRONGTYPE if the key is no stream. */
  @Nullable StreamData stream(String key) {
    if (strings.contains(key)) {
      throw Errors.wrongType();
    }
    return streams.get(key);
  }

  StreamData streamOrCreate(String key) {
    StreamData stream = stream(key);
    if (stream == null) {
      stream = new StreamData();
      streams.put(key, stream);
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

  boolean delete(String key) {
    boolean existed = streams.remove(key) != null;
    existed |= strings.remove(key);
    if (existed) {
      changed(key);
    }
    return existed;
  }

  void setString(String key) {
    streams.remove(key);
    strings.add(key);
    changed(key);
  }

  void clear() {
    new ArrayList<>(streams.keySet()).forEach(this::delete);
    strings.clear();
  }
}
