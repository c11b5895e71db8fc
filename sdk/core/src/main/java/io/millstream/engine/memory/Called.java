package io.millstream.engine.memory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command as the gate sees it.
 *
 * @param name as Redis names it, or an atomic step's method
 * @param keys the keys that it is about, as far as they are told
 * @param group the consumer group that it is about, or null
 */
record Called(String name, List<String> keys, @Nullable String group) {
  static Called named(String name) {
    return new Called(name, List.of(), null);
  }

  static Called on(String name, String key) {
    return new Called(name, List.of(key), null);
  }

  static Called on(String name, String key, String group) {
    return new Called(name, List.of(key), group);
  }
}
