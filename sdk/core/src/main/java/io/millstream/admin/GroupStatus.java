package io.millstream.admin;

import io.millstream.engine.PendingEntry;
import io.millstream.entry.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer group stands.
 *
 * @param name the group
 * @param consumers how many consumers it knows
 * @param pending how many entries were delivered and not yet acknowledged
 * @param lag how many entries it has not read; null if Redis cannot tell (always before 7.0)
 * @param lastDelivered the last id that was handed out
 * @param oldestPending the pending entry with the smallest id, or null if none is pending
 * @param deadLetters how many dead letters of it there are
 * @since 0.1
 */
public record GroupStatus(
    String name,
    long consumers,
    long pending,
    @Nullable Long lag,
    EntryId lastDelivered,
    @Nullable PendingEntry oldestPending,
    long deadLetters) {}
