package io.millstream.engine;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * XINFO STREAM.
 *
 * @param length entries that stand
 * @param lastGeneratedId the largest id ever given
 * @param maxDeletedId the largest id ever deleted by XDEL; null before Redis 7.0
 * @param entriesAdded entries ever added; null before Redis 7.0
 * @param groups how many groups
 * @param firstEntry the oldest entry, or null
 * @param lastEntry the newest entry, or null
 * @since 0.1
 */
public record StreamInfo(
    long length,
    EntryId lastGeneratedId,
    @Nullable EntryId maxDeletedId,
    @Nullable Long entriesAdded,
    long groups,
    @Nullable Entry firstEntry,
    @Nullable Entry lastEntry) {}
