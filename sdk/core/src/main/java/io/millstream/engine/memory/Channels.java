package io.millstream.engine.memory;

import io.millstream.engine.Signal;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who listens to which channel, across all engines. All methods want the server's lock. */
final class Channels {
  private final Map<String, Set<Listener>> listeners = new HashMap<>();

  void add(Listener listener) {
    listeners.computeIfAbsent(listener.channel, name -> new LinkedHashSet<>()).add(listener);
  }

  void remove(Listener listener) {
    Set<Listener> others = listeners.get(listener.channel);
    if (others != null && others.remove(listener) && others.isEmpty()) {
      listeners.remove(listener.channel);
    }
  }

  /** Tells everyone who listens. How many engines that were: each has one connection for it. */
  long publish(String channel) {
    Set<Listener> heard = listeners.getOrDefault(channel, Set.of());
    heard.forEach(listener -> listener.tell(Signal.HEARD));
    return heard.stream().map(listener -> listener.engine).distinct().count();
  }

  /** The connections of all engines were lost, and are there again. */
  void connected() {
    listeners.values().forEach(all -> all.forEach(listener -> listener.tell(Signal.LISTENING)));
  }

  /** An engine is closed. */
  void end(MemoryEngine engine) {
    for (Set<Listener> all : List.copyOf(listeners.values())) {
      for (Listener listener : List.copyOf(all)) {
        if (listener.engine == engine) {
          remove(listener);
          listener.end();
        }
      }
    }
  }
}
