package io.millstream.engine;

import org.jspecify.annotations.Nullable;

/**
 * The options of XADD.
 *
 * @param id {@code *}, an id, {@code ms}, or {@code ms-*} (Redis 7.0)
 * @param noMkStream NOMKSTREAM: do not create the stream
 * @param trim MAXLEN or MINID with it, or null
 * @since 0.1
 */
public record AddArgs(String id, boolean noMkStream, @Nullable TrimArgs trim) {
  /** The server chooses the id. */
  public static final AddArgs AUTO = new AddArgs("*", false, null);

  /** With the given id. */
  public static AddArgs id(String id) {
    return new AddArgs(id, false, null);
  }
}
