package io.millstream.test;

import io.millstream.codec.MessageStream;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.memory.StreamSnapshot;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group as a test sees it: always as it is now. It looks past the commands, so no fault
 * and no broken connection hides anything, and a group that does not exist (yet) is an empty one.
 *
 * <p>What {@link #deadLetters} and {@link #failures} have shown counts as expected for {@link
 * TestMillstream#strict}.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
public final class GroupView<T> {
  private final World world;
  private final MessageStream<T> stream;
  private final Place place;

  GroupView(World world, MessageStream<T> stream, String group) {
    this.world = world;
    this.stream = stream;
    this.place = new Place(stream.name(), group);
  }

  /** The stream. */
  public MessageStream<T> stream() {
    return stream;
  }

  /** The group's name. */
  public String group() {
    return place.group();
  }

  /** What is pending, and under whom, in the order of ids. */
  public List<PendingEntry> pending() {
    StreamSnapshot.Group found = snapshot(world.server.look(stream.name()));
    long now = world.server.time().toEpochMilli();
    return found == null
        ? List.of()
        : found.pending().stream()
            .map(
                row ->
                    new PendingEntry(
                        row.id(),
                        row.consumer(),
                        Duration.ofMillis(Math.max(0, now - row.deliveredAt())),
                        row.count()))
            .toList();
  }

  /** The ids that the named consumer holds, in their order. */
  public List<EntryId> heldBy(String consumer) {
    return pending().stream()
        .filter(row -> row.consumer().equals(consumer))
        .map(PendingEntry::id)
        .toList();
  }

  /**
   * What the group has not been given yet, in the order of ids: its lag, counted, where Redis's own
   * number is a guess once something was deleted. Nothing if there is no such group.
   */
  public List<EntryId> undelivered() {
    StreamSnapshot all = world.server.look(stream.name());
    StreamSnapshot.Group found = snapshot(all);
    return all == null || found == null
        ? List.of()
        : all.entries().stream()
            .map(Entry::id)
            .filter(id -> id.compareTo(found.lastId()) > 0)
            .toList();
  }

  /** Every start of a handler of this group so far, in order. */
  public List<Delivery> deliveries() {
    return world.journal.deliveries(place);
  }

  /** Every start of a handler for one message; its failures have been looked at by that. */
  public List<Delivery> deliveries(EntryId id) {
    world.journal.lookAt(place, id);
    return deliveriesUnseen(id);
  }

  List<Delivery> deliveriesUnseen(EntryId id) {
    return deliveries().stream().filter(delivery -> delivery.id().equals(id)).toList();
  }

  /** The deliveries that failed, in the order of their start; they have been looked at by that. */
  public List<Delivery> failures() {
    world.journal.lookAt(place, null);
    return failuresUnseen();
  }

  List<Delivery> failuresUnseen() {
    return deliveries().stream().filter(Delivery::failed).toList();
  }

  /**
   * The dead letters of the group, oldest first; they and the failures of their messages have been
   * looked at by that.
   */
  public List<DeadLetter<T>> deadLetters() {
    List<DeadLetter<T>> letters = deadLettersUnseen();
    world.lookAt(place, letters);
    return letters;
  }

  List<DeadLetter<T>> deadLettersUnseen() {
    return world.deadLetters(stream, place.group());
  }

  void lookAt(DeadLetter<T> letter) {
    world.lookAt(place, List.of(letter));
  }

  /** Whether the group was given this message, or one after it. */
  boolean hasPassed(EntryId id) {
    StreamSnapshot.Group found = snapshot(world.server.look(stream.name()));
    return found != null && id.compareTo(found.lastId()) <= 0;
  }

  private StreamSnapshot.@Nullable Group snapshot(@Nullable StreamSnapshot all) {
    return all == null
        ? null
        : all.groups().stream()
            .filter(group -> group.name().equals(place.group()))
            .findFirst()
            .orElse(null);
  }

  /** The whole story, in lines: what is pending, undelivered, dead, and what failed. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    lines.add(place + " at " + world.server.time());
    section(lines, "pending", Story.pending(pending()));
    section(lines, "undelivered", Story.lines(undelivered()));
    section(lines, "dead letters", Story.lines(deadLettersUnseen()));
    section(lines, "failed deliveries", Story.lines(failuresUnseen()));
    return String.join("\n", lines);
  }

  private static void section(List<String> lines, String name, List<String> rows) {
    Story.section(name, rows).forEach(line -> lines.add("  " + line));
  }
}
