package io.millstream.worker;

import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;

/** What goes from the dispatcher to a handler: an entry whose delivery was counted. */
record Delivery(EntryId id, Fields fields, long count) {}
