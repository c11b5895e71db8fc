package io.millstream.test.redis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who is connected. Confined to the event loop. */
final class Clients {
  private final Map<Long, Client> byId = new TreeMap<>();
  private long lastId;
  private long everConnected;

  long nextId() {
    everConnected++;
    return ++lastId;
  }

  void add(Client client) {
    byId.put(client.id, client);
  }

  void remove(Client client) {
    byId.remove(client.id);
  }

  @Nullable Client get(long id) {
    return byId.get(id);
  }

  /** In the order of their ids; a copy. */
  Collection<Client> all() {
    return List.copyOf(byId.values());
  }

  int count() {
    return byId.size();
  }

  long everConnected() {
    return everConnected;
  }
}
