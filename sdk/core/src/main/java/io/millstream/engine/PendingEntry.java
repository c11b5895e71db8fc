package io.millstream.engine;

import io.millstream.entry.EntryId;
import java.time.Duration;

/**
 * A row of the pending entries list.
 *
 * @param id the entry
 * @param consumer who holds it
 * @param idle how long since it was last delivered, claimed or renewed
 * @param deliveries its delivery count
 * @since 0.1
 */
public record PendingEntry(EntryId id, String consumer, Duration idle, long deliveries) {}
