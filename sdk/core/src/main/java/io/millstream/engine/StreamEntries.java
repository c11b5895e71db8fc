package io.millstream.engine;

import io.millstream.entry.Entry;
import java.util.List;

/**
 * What a read brought from one stream.
 *
 * @param key the stream
 * @param entries its entries in order; in a history read deleted ones have no fields
 * @since 0.1
 */
public record StreamEntries(String key, List<Entry> entries) {}
