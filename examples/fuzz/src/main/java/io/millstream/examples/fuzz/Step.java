package io.millstream.examples.fuzz;

import java.util.List;

/**
 * A command of a sequence.
 *
 * @param connection 0, or that of a blocking reader
 * @param words the command; <code>{id:n}</code> stands for the n-th id that the clock gave, <code>
 *     {now-n}</code> for the time n milliseconds ago, <code>{client:n}</code> for a connection's id
 * @param waits whether its reply comes before the next command: false for a read that another
 *     command may have to wake
 */
record Step(int connection, List<String> words, boolean waits) {
  static Step of(List<String> words) {
    return new Step(0, List.copyOf(words), true);
  }

  String name() {
    return words.isEmpty() ? "" : words.get(0);
  }

  boolean is(String name) {
    return name().equals(name);
  }
}
