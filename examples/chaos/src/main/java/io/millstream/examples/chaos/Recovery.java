package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Diary.Cause;
import io.millstream.examples.chaos.Diary.Incident;
import io.millstream.examples.chaos.Line.Event;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How long it took until a message was handled again after a fault was over.
 *
 * <p>Only that time counts in which a worker could have handled one: one runs that nothing is wrong
 * with (JVMs take their time to start, and poison ends one after the other), and the publishers are
 * at work, or have left an entry behind beyond all that workers have begun (what else is left waits
 * for the lease of a worker that has died, or runs). The longest stretch without a break is the
 * time to recover. One that the end of the last worker or another outage cut short counts as long
 * as it was.
 *
 * @param millis that long
 * @param after what
 */
record Recovery(long millis, String after) {
  private static final Set<Cause> ENDS = EnumSet.of(Cause.KILL, Cause.POISON, Cause.STOP);

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
    private final long publishedUntil;
    private final NavigableMap<Long, String> newest; // the last entry that was added, by time
    private final NavigableMap<Long, String> furthest; // the last entry that was begun, by time

    Search(History history) {
      this.effects =
          history.lines(Event.EFFECT).stream().mapToLong(Line::millis).sorted().toArray();
      this.beginnings = history.lines(Event.RUNNING);
      this.incidents = history.diary().incidents();
      this.publishedUntil =
          history.lines(Event.SENT).stream().mapToLong(Line::millis).max().orElse(0);
      this.newest = new TreeMap<>();
      history.jobs().keySet().forEach(id -> newest.merge(History.millis(id), id, Search::later));
      this.furthest = new TreeMap<>();
      history.lines(Event.START).stream()
          .sorted(Comparator.comparingLong(Line::millis))
          .forEach(line -> furthest.put(line.millis(), later(begun(line.millis()), line.word(0))));
    }

    private static String later(String one, String other) {
      return History.byId(one, other) > 0 ? one : other;
    }

    private String begun(long time) {
      Map.Entry<Long, String> entry = furthest.floorEntry(time);
      return entry == null ? "0-0" : entry.getValue();
    }

    Optional<Recovery> recovery(Incident incident) {
      return LongStream.of(effects)
          .filter(at -> at > incident.to())
          .limit(1)
          .map(next -> longestStretch(incident.to(), next))
          .filter(millis -> millis > 0)
          .mapToObj(millis -> new Recovery(millis, incident.what()))
          .findFirst();
    }

    /** In the given time, the longest without a break in which a worker could handle something. */
    private long longestStretch(long from, long to) {
      long[] changes = changes(from, to);
      long longest = 0;
      long since = from;
      for (int i = 0; i + 1 < changes.length; i++) {
        if (aWorkerRuns(changes[i]) && somethingIsThere(changes[i])) {
          longest = Math.max(longest, changes[i + 1] - since);
        } else {
          since = changes[i + 1];
        }
      }
      return longest;
    }

    /** When something changes, both ends of the time included. */
    private long[] changes(long from, long to) {
      Stream<Long> changes =
          Stream.of(
                  Stream.of(from, to, publishedUntil),
                  beginnings.stream().map(Line::millis),
                  incidents.stream().map(Incident::from),
                  incidents.stream().map(Incident::to),
                  newest.keySet().stream(),
                  furthest.keySet().stream())
              .flatMap(times -> times);
      return changes
          .mapToLong(Long::longValue)
          .filter(at -> at >= from && at <= to)
          .sorted()
          .distinct()
          .toArray();
    }

    /**
     * A publisher that is slow to come back after an outage is no excuse: it has our engine too.
     */
    private boolean somethingIsThere(long time) {
      return time < publishedUntil || somethingIsLeft(time);
    }

    private boolean somethingIsLeft(long time) {
      Map.Entry<Long, String> added = newest.floorEntry(time);
      return added != null && History.byId(added.getValue(), begun(time)) > 0;
    }

    private boolean aWorkerRuns(long time) {
      return beginnings.stream().anyMatch(worker -> runs(worker, time));
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
