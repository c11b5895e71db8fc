package io.millstream.admin;

import io.millstream.engine.PendingEntry;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Redis knows of one message.
 *
 * @param id its id in the stream
 * @param entry the entry, or null if it no longer stands (or never did)
 * @param groups how it stands with each group of the stream
 * @since 0.1
 */
public record EntryStory(EntryId id, @Nullable Entry entry, List<InGroup> groups) {
  /** How a message stands with a group. */
  public enum State {
    /** The group has not read it. */
    UNREAD,
    /** It was delivered and is not acknowledged. */
    PENDING,
    /** It was delivered and is acknowledged, or was given up (then there is a dead letter). */
    SETTLED,
    /** It neither stands nor is pending: settled or not, nobody knows. */
    GONE
  }

  /**
   * How it stands with a group.
   *
   * @param group the group
   * @param state how
   * @param pending who holds it, for how long, and its delivery count, or null
   * @param deadLetters the dead letters of it, oldest first
   */
  public record InGroup(
      String group, State state, @Nullable PendingEntry pending, List<DeadLetter> deadLetters) {}
}
