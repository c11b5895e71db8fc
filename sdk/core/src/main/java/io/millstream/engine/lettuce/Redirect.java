package io.millstream.engine.lettuce;

import io.millstream.engine.RedisException;
import org.jspecify.annotations.Nullable;

/**
 * Where a node of a cluster says that a command belongs. It has not taken it, so sending it there
 * is no second time.
 *
 * @param to the other node
 * @param asking whether for this once only: the slot is about to move there
 */
record Redirect(Address to, boolean asking) {
  /** How often a command follows, one after the other. */
  static final int MOST = 5;

  /**
   * Reads {@code MOVED slot host:port} or {@code ASK slot host:port}; null for every other error.
   */
  static @Nullable Redirect of(RedisException error, Address asked) {
    if (!error.is("MOVED") && !error.is("ASK")) {
      return null;
    }
    String[] words = Errors.text(error).split(" ", -1);
    try {
      return new Redirect(Address.parse(words[2], asked), error.is("ASK"));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      return null; // whoever sees the error sees what is wrong with it
    }
  }
}
