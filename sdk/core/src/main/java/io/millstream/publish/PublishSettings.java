package io.millstream.publish;

import org.jspecify.annotations.Nullable;

/**
 * How messages are written.
 *
 * @param trimTo about how many entries the stream keeps (XADD with {@code MAXLEN ~}), or null for
 *     all. <b>Trimming also takes what no worker has read yet</b>: choose it well above what may
 *     ever wait
 * @since 0.1
 */
public record PublishSettings(@Nullable Long trimTo) {
  /** Nothing is trimmed. */
  public static final PublishSettings DEFAULTS = new PublishSettings(null);

  /**
   * Refuses wrong values.
   *
   * @throws IllegalArgumentException if {@code trimTo} is less than 1
   */
  public PublishSettings {
    if (trimTo != null && trimTo < 1) {
      throw new IllegalArgumentException("trimTo: " + trimTo + ", expected 1 or more");
    }
  }

  /** Keeps about that many entries. */
  public static PublishSettings trimTo(long entries) {
    return new PublishSettings(entries);
  }
}
