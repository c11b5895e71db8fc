package io.millstream.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The range of an XPENDING.
 *
 * @param minIdle IDLE: only rows idle for at least this long, or null
 * @param start {@code -}, an id, or {@code (id}
 * @param end {@code +}, an id, or {@code (id}
 * @param count how many at most; 0 or less gives none
 * @param consumer only this consumer's rows, or null
 * @since 0.1
 */
public record PendingArgs(
    @Nullable Duration minIdle, String start, String end, long count, @Nullable String consumer) {
  /** Everybody's rows from the beginning. */
  public static PendingArgs all(long count) {
    return new PendingArgs(null, "-", "+", count, null);
  }

  /** One consumer's rows in a range. */
  public static PendingArgs of(String consumer, String start, String end, long count) {
    return new PendingArgs(null, start, end, count, consumer);
  }
}
