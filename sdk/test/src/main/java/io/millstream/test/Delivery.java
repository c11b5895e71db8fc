package io.millstream.test;

import io.millstream.entry.EntryId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One start of a handler for a message.
 *
 * @param id the message
 * @param number which start this was, by Redis's delivery count: the first is 1
 * @param consumer the worker's name in the group
 * @param at when, in virtual time
 * @param failure what it failed with; null if it did not fail, or runs yet
 * @since 0.1
 */
public record Delivery(
    EntryId id, long number, String consumer, Instant at, @Nullable Throwable failure) {
  /** Whether the handler failed. */
  public boolean failed() {
    return failure != null;
  }

  /** In one line, the failure by its first line. */
  @Override
  public String toString() {
    return id + " delivery " + number + " by " + consumer + " at " + at + ending();
  }

  /** What became of it, for the end of a line; empty if it did not fail. */
  String ending() {
    return failure == null
        ? ""
        : ": " + failure.toString().lines().findFirst().orElse("a failure without a name");
  }
}
