package io.millstream.engine;

import io.millstream.entry.EntryId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * XPENDING without a range.
 *
 * @param count pending entries of the group
 * @param min the smallest pending id, or null
 * @param max the largest pending id, or null
 * @param byConsumer pending entries of each consumer that has any
 * @since 0.1
 */
public record PendingSummary(
    long count, @Nullable EntryId min, @Nullable EntryId max, Map<String, Long> byConsumer) {}
