package io.millstream.worker;

import io.millstream.codec.Envelope;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.message.Headers;
import io.millstream.observe.Arrival;

/** What goes from the dispatcher to a handler: an entry whose delivery was counted. */
record Delivery(EntryId id, Fields fields, long count) implements Arrival {
  @Override
  public long delivery() {
    return count;
  }

  @Override
  public Headers headers() {
    return Envelope.headers(fields);
  }
}
