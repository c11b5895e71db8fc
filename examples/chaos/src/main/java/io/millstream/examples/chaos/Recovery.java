package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Diary.Cause;
import io.millstream.examples.chaos.Diary.Incident;
import io.millstream.examples.chaos.Line.Event;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long it took until a message was handled again after a fault was over.
 *
 * @param millis that long
 * @param after what
 */
record Recovery(long millis, String after) {
  /** The longest of all; nothing if no fault was followed by a handled message. */
  static Optional<Recovery> longest(History history) {
    long[] effects =
        history.lines(Event.EFFECT).stream().mapToLong(Line::millis).sorted().toArray();
    List<Incident> incidents = history.diary().incidents();
    return incidents.stream()
        .filter(incident -> incident.to() != Long.MAX_VALUE)
        .flatMap(incident -> of(incident, incidents, effects).stream())
        .max(Comparator.comparingLong(Recovery::millis));
  }

  private static Optional<Recovery> of(
      Incident incident, List<Incident> incidents, long[] effects) {
    OptionalLong next =
        java.util.Arrays.stream(effects).filter(at -> at > incident.to()).findFirst();
    if (next.isEmpty() || hiddenByAnother(incident, incidents, next.getAsLong())) {
      return Optional.empty();
    }
    return Optional.of(new Recovery(next.getAsLong() - incident.to(), incident.what()));
  }

  /** Redis was away again before anything could be handled: the later fault is the one to ask. */
  private static boolean hiddenByAnother(Incident incident, List<Incident> all, long next) {
    return all.stream()
        .filter(other -> other.cause() == Cause.SERVER)
        .anyMatch(other -> other.from() <= next && other.to() > incident.to());
  }

  @Override
  public String toString() {
    return Texts.seconds(millis) + " after: " + after;
  }
}
