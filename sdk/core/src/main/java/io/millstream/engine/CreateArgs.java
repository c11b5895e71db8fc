package io.millstream.engine;

import org.jspecify.annotations.Nullable;

/**
 * The options of XGROUP CREATE.
 *
 * @param start the last id that counts as delivered: {@code 0} for everything, {@code $} for what
 *     comes from now on, or an id
 * @param mkStream MKSTREAM: create the stream too
 * @param entriesRead ENTRIESREAD (Redis 7.0), or null
 * @since 0.1
 */
public record CreateArgs(String start, boolean mkStream, @Nullable Long entriesRead) {
  /** From the given start, with MKSTREAM. */
  public static CreateArgs from(String start) {
    return new CreateArgs(start, true, null);
  }
}
