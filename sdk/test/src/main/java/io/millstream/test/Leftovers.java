package io.millstream.test;

import io.millstream.codec.MessageStream;
import io.millstream.engine.memory.StreamSnapshot;
import io.millstream.entry.Fields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks for what a test has left behind. */
final class Leftovers {
  private final World world;
  private final Set<Leftover> forbidden;
  private final List<String> lines = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();

  Leftovers(World world, Set<Leftover> forbidden) {
    this.world = world;
    this.forbidden = forbidden;
  }

  /** The error that the test is to fail with, or null. */
  @Nullable AssertionError found() {
    for (Place place : places()) {
      look(place);
    }
    if (lines.isEmpty()) {
      return null;
    }
    AssertionError error =
        new AssertionError(
            "strict: the test left behind\n"
                + String.join("\n", lines)
                + "\nLet more time pass, assert it, or allow it: strict(Leftover...)",
            failures.isEmpty() ? null : failures.get(0));
    failures.stream().skip(1).forEach(error::addSuppressed);
    return error;
  }

  private Set<Place> places() {
    Set<Place> places = new LinkedHashSet<>();
    for (String key : world.server.streams()) {
      StreamSnapshot stream = world.server.look(key);
      if (stream != null) {
        stream.groups().forEach(group -> places.add(new Place(key, group.name())));
      }
    }
    places.addAll(world.journal.places()); // their groups may be gone
    return places;
  }

  private void look(Place place) {
    MessageStream<Fields> stream;
    try {
      stream = MessageStream.fields(place.stream());
    } catch (IllegalArgumentException e) {
      return; // a key that no stream of Millstream's can have
    }
    GroupView<Fields> group = new GroupView<>(world, stream, place.group());
    List<String> found = new ArrayList<>();
    if (forbidden.contains(Leftover.PENDING)) {
      found.addAll(Story.section(Leftover.PENDING, Story.pending(group.pending())));
    }
    if (forbidden.contains(Leftover.UNDELIVERED)) {
      found.addAll(Story.section(Leftover.UNDELIVERED, Story.lines(group.undelivered())));
    }
    if (forbidden.contains(Leftover.DEAD_LETTERS) && !isRead(stream.deadLetterKey(place.group()))) {
      List<DeadLetter<Fields>> letters =
          world.deadLetters(stream, place.group()).stream()
              .filter(letter -> !world.lookedAt(place, letter))
              .toList();
      found.addAll(Story.section(Leftover.DEAD_LETTERS, Story.lines(letters)));
    }
    if (forbidden.contains(Leftover.FAILURES)) {
      List<Delivery> failed = world.journal.failuresNobodyLookedAt(place);
      found.addAll(Story.section(Leftover.FAILURES, Story.lines(failed)));
      failed.forEach(delivery -> failures.add(Objects.requireNonNull(delivery.failure())));
    }
    if (!found.isEmpty()) {
      lines.add("  in " + place);
      found.forEach(line -> lines.add("    " + line));
    }
  }

  /** Whether a group reads it: then it is that group's to handle, like any other stream. */
  private boolean isRead(String key) {
    StreamSnapshot stream = world.server.look(key);
    return stream != null && !stream.groups().isEmpty();
  }
}
