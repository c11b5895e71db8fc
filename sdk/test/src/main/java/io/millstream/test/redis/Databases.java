package io.millstream.test.redis;

import io.millstream.engine.memory.InMemoryDatabase;
import io.millstream.engine.memory.InMemoryServer;
import java.util.Map;
import java.util.TreeMap;

/** The databases that clients have selected, each with one engine for all of them. */
final class Databases {
  private final InMemoryServer server;
  private final Map<Integer, InMemoryDatabase> open = new TreeMap<>();

  Databases(InMemoryServer server) {
    this.server = server;
  }

  /** A database. Confined to the event loop. */
  InMemoryDatabase get(int index) {
    InMemoryDatabase known = open.get(index);
    if (known == null) {
      known = server.database(index);
      open.put(index, known);
    }
    return known;
  }

  /** Those that somebody selected, by index. */
  Map<Integer, InMemoryDatabase> all() {
    return open;
  }

  void close() {
    open.values().forEach(database -> database.engine().close().block());
  }
}
