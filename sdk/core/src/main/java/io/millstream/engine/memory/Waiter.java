package io.millstream.engine.memory;

import java.util.List;

/** A command that waits for its keys. All methods want the server's lock. */
interface Waiter {
  /** What it waits for, each key once. */
  List<String> keys();

  /** Whether it learns that the key is not what it was, or only of what it can read. */
  boolean wakesForAnything();

  /** Whether what became of the key is a reason to run the command again. */
  boolean wakesFor(String key);

  /** Runs the command again; false if there is still nothing. */
  boolean tryAgain();
}
