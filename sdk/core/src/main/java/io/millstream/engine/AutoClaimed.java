package io.millstream.engine;

import io.millstream.entry.EntryId;
import java.util.List;

/**
 * The reply of XAUTOCLAIM.
 *
 * @param cursor where the next call starts (inclusive), {@code 0-0} at the end of the pending
 *     entries list
 * @param claimed what now belongs to the caller
 * @param deleted pending ids whose entries no longer stand; Redis has removed them from the list
 *     (7.0; always empty before)
 * @param <E> entries, or ids with JUSTID
 * @since 0.1
 */
public record AutoClaimed<E>(EntryId cursor, List<E> claimed, List<EntryId> deleted) {
  /** Whether the whole list has been looked at. */
  public boolean complete() {
    return cursor.equals(EntryId.MIN);
  }
}
