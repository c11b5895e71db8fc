package io.millstream.entry;

import java.util.Objects;

/**
 * One entry of a stream.
 *
 * <p>A pending entry whose message was deleted or trimmed still has an id but no fields; Redis
 * never stores an entry without fields, so {@link #deleted()} is simply "no fields".
 *
 * @param id the entry's id
 * @param fields its fields, empty if the entry was deleted while it was pending
 * @since 0.1
 */
public record Entry(EntryId id, Fields fields) {
  public Entry {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(fields, "fields");
  }

  /** Whether the entry is listed as pending but no longer stands in the stream. */
  public boolean deleted() {
    return fields.isEmpty();
  }
}
