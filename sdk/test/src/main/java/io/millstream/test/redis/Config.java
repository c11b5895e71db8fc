package io.millstream.test.redis;

import io.millstream.engine.memory.InMemoryServer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The server's settings. Two of them mean something here; the others are what clients and Redis's
 * suites ask for. Confined to the event loop.
 */
final class Config {
  private static final String NODE_ENTRIES = "stream-node-max-entries";
  private static final String NODE_BYTES = "stream-node-max-bytes";

  private final InMemoryServer server;
  private final Map<String, String> values = new TreeMap<>();

  Config(InMemoryServer server) {
    this.server = server;
    values.put(NODE_ENTRIES, "100");
    values.put(NODE_BYTES, "4096");
    values.put("appendonly", "no");
    values.put("databases", "16");
    values.put("maxmemory", "0");
    values.put("maxmemory-policy", "noeviction");
    values.put("save", "");
    values.put("timeout", "0");
  }

  Map<String, String> values() {
    return values;
  }

  /** What a setting has, or null if there is none of this name. */
  @Nullable String get(String name) {
    return values.get(name);
  }

  /** Changes a setting that can be changed. */
  void set(String name, String value) {
    String known = values.get(name);
    if (known == null) {
      throw Failures.err("Unknown option or number of arguments for CONFIG SET - '" + name + "'");
    }
    if (name.equals(NODE_ENTRIES) || name.equals(NODE_BYTES)) {
      limit(name, value);
    } else if (!value.equals(known)) {
      throw refusal(name, "can't set immutable config");
    }
  }

  private void limit(String name, String value) {
    String before = values.put(name, value);
    try {
      server.limitNodes(number(NODE_ENTRIES), number(NODE_BYTES));
    } catch (IllegalArgumentException e) {
      values.put(name, String.valueOf(before));
      throw refusal(name, "argument couldn't be parsed into an integer");
    }
  }

  private long number(String name) {
    return Long.parseLong(String.valueOf(values.get(name)));
  }

  private static RuntimeException refusal(String name, String why) {
    return Failures.err("CONFIG SET failed (possibly related to argument '" + name + "') - " + why);
  }
}
