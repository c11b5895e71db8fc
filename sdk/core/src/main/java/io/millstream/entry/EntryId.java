package io.millstream.entry;

/**
 * The id of a stream entry: two unsigned 64-bit numbers, milliseconds and a sequence number,
 * written {@code ms-seq}. Ordered as Redis orders them.
 *
 * @param ms the milliseconds part, unsigned
 * @param seq the sequence part, unsigned
 * @see <a href="https://redis.io/docs/latest/develop/data-types/streams/#entry-ids">Redis: entry
 *     ids</a>
 * @since 0.1
 */
public record EntryId(long ms, long seq) implements Comparable<EntryId> {
  /** {@code 0-0}: below every entry; no entry can have it. */
  public static final EntryId MIN = new EntryId(0, 0);

  /** The last possible id, {@code 18446744073709551615-18446744073709551615}. */
  public static final EntryId MAX = new EntryId(-1L, -1L);

  /**
   * Reads {@code ms-seq}, or {@code ms} alone, which means {@code ms-0}.
   *
   * @throws IllegalArgumentException if the text is not an id
   */
  public static EntryId parse(String text) {
    int dash = text.indexOf('-');
    try {
      return dash < 0
          ? new EntryId(Long.parseUnsignedLong(text), 0)
          : new EntryId(
              Long.parseUnsignedLong(text, 0, dash, 10),
              Long.parseUnsignedLong(text, dash + 1, text.length(), 10));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not an entry id: '" + text + "', expected ms-seq", e);
    }
  }

  /**
   * The smallest id above this one.
   *
   * @throws IllegalStateException if this is {@link #MAX}
   */
  public EntryId next() {
    if (seq != -1L) {
      return new EntryId(ms, seq + 1);
    }
    if (ms == -1L) {
      throw new IllegalStateException("there is no id above " + this);
    }
    return new EntryId(ms + 1, 0);
  }

  /**
   * The largest id below this one.
   *
   * @throws IllegalStateException if this is {@link #MIN}
   */
  public EntryId previous() {
    if (seq != 0) {
      return new EntryId(ms, seq - 1);
    }
    if (ms == 0) {
      throw new IllegalStateException("there is no id below " + this);
    }
    return new EntryId(ms - 1, -1L);
  }

  @Override
  public int compareTo(EntryId other) {
    int byMs = Long.compareUnsigned(ms, other.ms);
    return byMs != 0 ? byMs : Long.compareUnsigned(seq, other.seq);
  }

  /** The id as Redis writes it: {@code ms-seq}. */
  @Override
  public String toString() {
    return Long.toUnsignedString(ms) + '-' + Long.toUnsignedString(seq);
  }
}
