package io.millstream.engine.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a key holds. Guarded by the server's lock. */
sealed interface Value permits StreamData, Value.Text, Value.Elements, Value.Members {
  /** What TYPE answers. */
  String type();

  /** A string. */
  record Text(String text) implements Value {
    @Override
    public String type() {
      return "string";
    }
  }

  /** A list. */
  record Elements(Deque<String> list) implements Value {
    Elements() {
      this(new ArrayDeque<>());
    }

    @Override
    public String type() {
      return "list";
    }
  }

  /** A set. */
  record Members(Set<String> set) implements Value {
    Members() {
      this(new LinkedHashSet<>());
    }

    @Override
    public String type() {
      return "set";
    }
  }
}
