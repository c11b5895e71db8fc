package io.millstream.engine.memory;

import org.jspecify.annotations.Nullable;

/**
 * What a command does at the server.
 *
 * @param <T> its reply
 */
interface Effect<T> {
  /** Runs with the server's lock held. Null is Redis's nil. */
  @Nullable T run();
}
