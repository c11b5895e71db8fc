package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Diary.Cause;
import io.millstream.examples.chaos.Diary.Incident;
import io.millstream.examples.chaos.Line.Event;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * How long it took until a message was handled again after a fault was over. While no worker runs
 * at all (JVMs take their time to start), it is not over.
 *
 * @param millis that long
 * @param after what
 */
record Recovery(long millis, String after) {
  private static final Set<Cause> ENDS = EnumSet.of(Cause.KILL, Cause.POISON, Cause.STOP);
  private static final Set<Cause> SERVER = EnumSet.of(Cause.RESTART, Cause.STANDSTILL);

  /** The longest of all; nothing if no fault was followed by a handled message. */
  static Optional<Recovery> longest(History history) {
    Search search = new Search(history);
    return search.incidents.stream()
        .filter(incident -> incident.to() != Long.MAX_VALUE)
        .filter(incident -> !ENDS.contains(incident.cause()) || isWorker(incident.subject()))
        .flatMap(incident -> search.recovery(incident).stream())
        .max(Comparator.comparingLong(Recovery::millis));
  }

  private static boolean isWorker(String process) {
    return Processes.worker(process) != 0;
  }

  @Override
  public String toString() {
    return Texts.seconds(millis) + " after: " + after;
  }

  private static final class Search {
    private final long[] effects;
    private final List<Line> beginnings;
    private final List<Incident> incidents;

    Search(History history) {
      this.effects =
          history.lines(Event.EFFECT).stream().mapToLong(Line::millis).sorted().toArray();
      this.beginnings = history.lines(Event.RUNNING);
      this.incidents = history.diary().incidents();
    }

    Optional<Recovery> recovery(Incident incident) {
      OptionalLong over = aWorkerRuns(incident.to());
      if (over.isEmpty()) {
        return Optional.empty();
      }
      long from = over.getAsLong();
      OptionalLong next = LongStream.of(effects).filter(at -> at > from).findFirst();
      if (next.isEmpty() || hiddenByAnother(incident, next.getAsLong())) {
        return Optional.empty();
      }
      return Optional.of(new Recovery(next.getAsLong() - from, incident.what()));
    }

    /** Redis was away again before anything could be handled: that fault is the one to ask. */
    private boolean hiddenByAnother(Incident incident, long next) {
      return incidents.stream()
          .filter(other -> SERVER.contains(other.cause()))
          .anyMatch(other -> other.from() <= next && other.to() > incident.to());
    }

    /** When, from the given time on, a worker runs that nothing is wrong with. */
    private OptionalLong aWorkerRuns(long time) {
      LongStream begun = beginnings.stream().mapToLong(Line::millis);
      LongStream over =
          incidents.stream().filter(each -> !ENDS.contains(each.cause())).mapToLong(Incident::to);
      return LongStream.concat(LongStream.of(time), LongStream.concat(begun, over))
          .filter(at -> at >= time && at != Long.MAX_VALUE)
          .sorted()
          .filter(at -> beginnings.stream().anyMatch(worker -> runs(worker, at)))
          .findFirst();
    }

    private boolean runs(Line beginning, long time) {
      return beginning.millis() <= time
          && incidents.stream()
              .filter(incident -> incident.concerns(beginning.process()))
              .noneMatch(
                  incident ->
                      incident.from() <= time
                          && (ENDS.contains(incident.cause()) || incident.to() > time));
    }
  }
}
