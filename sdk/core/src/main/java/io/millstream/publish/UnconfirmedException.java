package io.millstream.publish;

import io.millstream.entry.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * An entry was written, and fewer replicas than were asked for have said in time that they have it.
 * It will be handled like any other, unless a failover loses it.
 *
 * @since 0.1
 */
public final class UnconfirmedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient EntryId id;
  private final long replicas;

  UnconfirmedException(EntryId id, long replicas, int wanted, @Nullable Throwable cause) {
    super(
        "entry "
            + id
            + " was written; replicas that have confirmed it: "
            + replicas
            + ", wanted: "
            + wanted,
        cause);
    this.id = id;
    this.replicas = replicas;
  }

  /** The entry that was written. */
  public EntryId id() {
    return id;
  }

  /** How many replicas are known to have it. */
  public long replicas() {
    return replicas;
  }
}
