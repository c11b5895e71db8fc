package io.millstream.engine;

import io.millstream.entry.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * A row of XINFO GROUPS.
 *
 * @param name the group
 * @param consumers how many consumers it knows
 * @param pending how many entries are pending
 * @param lastDeliveredId the last id handed out
 * @param entriesRead entries read so far; null if unknown or before Redis 7.0
 * @param lag entries not yet delivered; null if unknown or before Redis 7.0
 * @since 0.1
 */
public record GroupInfo(
    String name,
    long consumers,
    long pending,
    EntryId lastDeliveredId,
    @Nullable Long entriesRead,
    @Nullable Long lag) {}
