package io.millstream.message;

import io.millstream.entry.EntryId;
import java.util.HashMap;
import java.util.Map;

/**
 * How the messages of a batch end: those named here as said, all others acknowledged. Immutable.
 *
 * @since 0.1
 */
public final class BatchOutcomes {
  private static final BatchOutcomes ACK_ALL = new BatchOutcomes(Map.of());

  private final Map<EntryId, Outcome> named;

  private BatchOutcomes(Map<EntryId, Outcome> named) {
    this.named = named;
  }

  /** All acknowledged. */
  public static BatchOutcomes ackAll() {
    return ACK_ALL;
  }

  /** These outcomes, and one more for the given message. */
  public BatchOutcomes with(Message<?> message, Outcome outcome) {
    Map<EntryId, Outcome> more = new HashMap<>(named);
    more.put(message.id(), outcome);
    return new BatchOutcomes(more);
  }

  /** The outcome of a message. */
  public Outcome of(EntryId id) {
    return named.getOrDefault(id, Outcome.ack());
  }
}
