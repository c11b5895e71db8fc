package io.millstream.test;

import io.millstream.engine.PendingEntry;
import io.millstream.entry.EntryId;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/**
 * Assertions on a consumer group. What fails tells the group's whole story: what is pending under
 * whom, what is undelivered, dead letters, failed deliveries.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
public final class GroupAssert<T> extends AbstractAssert<GroupAssert<T>, GroupView<T>> {
  GroupAssert(GroupView<T> group) {
    super(group, GroupAssert.class);
  }

  /** Nothing is pending, under whomever. */
  public GroupAssert<T> hasNoPending() {
    return hasPending(0);
  }

  /** So many messages are pending. */
  public GroupAssert<T> hasPending(int messages) {
    return counts("pending", messages, actual.pending().size());
  }

  /** On to the pending entries, in the order of ids. */
  public ListAssert<PendingEntry> pending() {
    return Assertions.assertThat(actual.pending()).as(story("pending entries"));
  }

  /** The consumer holds nothing. */
  public GroupAssert<T> holdsNothing(String consumer) {
    return holds(consumer);
  }

  /** The consumer holds these messages, and no others. */
  public GroupAssert<T> holds(String consumer, EntryId... ids) {
    List<EntryId> wanted = List.of(ids).stream().sorted().toList();
    List<EntryId> held = actual.heldBy(consumer);
    if (!held.equals(wanted)) {
      throw failure(
          "%s",
          "expected consumer '"
              + consumer
              + "' to hold "
              + wanted
              + ", but it holds "
              + held
              + tail());
    }
    return this;
  }

  /** The group has been given every message of the stream. */
  public GroupAssert<T> hasNoLag() {
    return hasLag(0);
  }

  /** So many messages of the stream have not been given to the group yet. */
  public GroupAssert<T> hasLag(int messages) {
    return counts("undelivered", messages, actual.undelivered().size());
  }

  /** Nothing is pending and nothing undelivered: all was acknowledged or is a dead letter. */
  public GroupAssert<T> isDone() {
    return hasNoLag().hasNoPending();
  }

  /** There are no dead letters. */
  public GroupAssert<T> hasNoDeadLetters() {
    return counts("dead letters", 0, actual.deadLettersUnseen().size());
  }

  /** There are so many dead letters. */
  public GroupAssert<T> hasDeadLetters(int letters) {
    counts("dead letters", letters, actual.deadLettersUnseen().size());
    Assertions.assertThat(actual.deadLetters()).hasSize(letters); // looked at
    return this;
  }

  /** On to the dead letters, oldest first. */
  public ListAssert<DeadLetter<T>> deadLetters() {
    return Assertions.assertThat(actual.deadLetters()).as(story("dead letters"));
  }

  /** On to the one dead letter; fails if there is none, or are several. */
  public DeadLetterAssert<T> deadLetter() {
    hasDeadLetters(1);
    return new DeadLetterAssert<>(actual.deadLetters().get(0)).as(descriptionText());
  }

  /** No delivery has failed, not even one that was retried since. */
  public GroupAssert<T> hasNoFailures() {
    return counts("failed deliveries", 0, actual.failuresUnseen().size());
  }

  /** So many deliveries have failed, all with an exception of this type. */
  public GroupAssert<T> hasFailures(int deliveries, Class<? extends Throwable> type) {
    List<Delivery> failures = actual.failuresUnseen();
    counts("failed deliveries", deliveries, failures.size());
    if (!failures.stream().map(Delivery::failure).allMatch(type::isInstance)) {
      throw failure("%s", "expected only failures of " + type.getName() + tail());
    }
    actual.failures(); // looked at
    return this;
  }

  /** On to the deliveries that failed, in the order of their start. */
  public ListAssert<Delivery> failures() {
    return Assertions.assertThat(actual.failures()).as(story("failed deliveries"));
  }

  /** On to one message of the group. */
  public MessageAssert<T> message(EntryId id) {
    return new MessageAssert<>(actual, id).as(descriptionText());
  }

  private GroupAssert<T> counts(String what, int wanted, int found) {
    if (found != wanted) {
      throw failure("%s", "expected " + what + ": " + wanted + ", but found: " + found + tail());
    }
    return this;
  }

  private String tail() {
    return "\n" + actual;
  }

  private String story(String what) {
    String text = descriptionText();
    return (text.isEmpty() ? what : text) + " in " + actual;
  }
}
