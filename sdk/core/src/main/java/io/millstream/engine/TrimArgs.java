package io.millstream.engine;

import org.jspecify.annotations.Nullable;

/**
 * What XTRIM, or XADD with trimming, leaves: MAXLEN or MINID.
 *
 * @param strategy by length or by id
 * @param threshold the length, or the smallest id to keep, as Redis takes it
 * @param approximate {@code ~}: whole nodes only
 * @param limit LIMIT, allowed with {@code ~} only, or null
 * @since 0.1
 */
public record TrimArgs(
    Strategy strategy, String threshold, boolean approximate, @Nullable Long limit) {
  /** By what an entry is spared. */
  public enum Strategy {
    /** MAXLEN. */
    MAXLEN,
    /** MINID. */
    MINID
  }

  /** {@code MAXLEN = length}. */
  public static TrimArgs maxLength(long length) {
    return new TrimArgs(Strategy.MAXLEN, Long.toString(length), false, null);
  }

  /** {@code MAXLEN ~ length}. */
  public static TrimArgs maxLengthAbout(long length) {
    return new TrimArgs(Strategy.MAXLEN, Long.toString(length), true, null);
  }

  /** {@code MINID = id}. */
  public static TrimArgs minId(String id) {
    return new TrimArgs(Strategy.MINID, id, false, null);
  }
}
