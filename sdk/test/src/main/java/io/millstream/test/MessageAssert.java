package io.millstream.test;

import io.millstream.engine.PendingEntry;
import io.millstream.entry.EntryId;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on what became of one message in a consumer group.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
public final class MessageAssert<T> extends AbstractAssert<MessageAssert<T>, GroupView<T>> {
  private final EntryId id;

  MessageAssert(GroupView<T> group, EntryId id) {
    super(group, MessageAssert.class);
    this.id = id;
  }

  /**
   * A handler was started for it so many times. That counts as having looked at the failures of
   * these deliveries.
   */
  public MessageAssert<T> wasDelivered(int times) {
    int found = actual.deliveriesUnseen(id).size();
    if (found != times) {
      throw told("to have been delivered " + times + " times, but it was " + found + " times");
    }
    actual.deliveries(id); // looked at
    return this;
  }

  /** No handler was ever started for it. */
  public MessageAssert<T> wasNotDelivered() {
    return wasDelivered(0);
  }

  /** It is pending. */
  public MessageAssert<T> isPending() {
    row();
    return this;
  }

  /** It is pending, and this consumer holds it. */
  public MessageAssert<T> isHeldBy(String consumer) {
    if (!row().consumer().equals(consumer)) {
      throw told("to be held by " + consumer + ", but another holds it");
    }
    return this;
  }

  /** It is pending with this delivery count, which is Redis's. */
  public MessageAssert<T> hasDeliveryCount(long count) {
    if (row().deliveries() != count) {
      throw told("to have the delivery count " + count);
    }
    return this;
  }

  /** The group was given it, and it is neither pending nor a dead letter: XACK was sent for it. */
  public MessageAssert<T> isAcknowledged() {
    if (!actual.hasPassed(id)) {
      throw told("to be acknowledged, but the group was not given it yet");
    }
    if (find().isPresent()) {
      throw told("to be acknowledged, but it is pending");
    }
    if (!letters().isEmpty()) {
      throw told("to be acknowledged, but it is a dead letter");
    }
    return this;
  }

  /** It is a dead letter; on to that. */
  public DeadLetterAssert<T> deadLetter() {
    if (letters().isEmpty()) {
      throw told("to be a dead letter, but it is none");
    }
    DeadLetter<T> letter = letters().get(0);
    actual.lookAt(letter);
    return new DeadLetterAssert<>(letter).as(descriptionText());
  }

  private List<DeadLetter<T>> letters() {
    return actual.deadLettersUnseen().stream().filter(letter -> letter.id().equals(id)).toList();
  }

  private Optional<PendingEntry> find() {
    return actual.pending().stream().filter(row -> row.id().equals(id)).findFirst();
  }

  private PendingEntry row() {
    return find().orElseThrow(() -> told("to be pending, but it is not"));
  }

  private AssertionError told(String expectation) {
    StringBuilder text = new StringBuilder("expected message " + id + " " + expectation);
    actual
        .deliveriesUnseen(id)
        .forEach(
            delivery ->
                text.append("\n  delivery ")
                    .append(delivery.number())
                    .append(" by ")
                    .append(delivery.consumer())
                    .append(" at ")
                    .append(delivery.at())
                    .append(delivery.ending()));
    return failure("%s", text.append('\n').append(actual));
  }
}
