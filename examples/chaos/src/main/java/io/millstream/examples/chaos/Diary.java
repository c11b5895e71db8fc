package io.millstream.examples.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** What the driver did and saw. From any thread; all state is guarded by this. */
final class Diary {
  /**
   * Why something could not go as usual, and how long that is felt when it is over: until everybody
   * has connected again, and what nobody could renew meanwhile has been taken over.
   */
  enum Cause {
    KILL("a kill", Duration.ZERO),
    POISON("poison", Duration.ZERO),
    STOP("a stop", Duration.ZERO),
    FREEZE("a freeze", Rules.VISIBILITY),
    RESTART("a restart of Redis", Rules.RECONNECT.plus(Rules.VISIBILITY)),
    /** What no replica had yet is forgotten: acknowledgements, counts, entries. */
    FAILOVER("a failover", Rules.RECONNECT.plus(Rules.VISIBILITY)),
    CONNECTION("a broken connection", Rules.RECONNECT.plus(Rules.VISIBILITY)),
    LEASE("a lost lease", Duration.ZERO),
    /** No reason for anything: connections outlive it, and workers renew before they reap. */
    STANDSTILL("Redis frozen", Duration.ZERO);

    final String words;
    final Duration aftermath;

    Cause(String words, Duration aftermath) {
      this.words = words;
      this.aftermath = aftermath;
    }
  }

  /**
   * Something happened.
   *
   * @param subject a process, all incarnations of one, or {@link #ALL}
   * @param from when it began, by the machine's clock
   * @param to when it was over; {@link Long#MAX_VALUE} while it is not
   * @param what in words
   */
  record Incident(Cause cause, String subject, long from, long to, String what) {
    boolean concerns(String process) {
      return subject.equals(ALL) || subject.equals(process) || process.startsWith(subject + ".");
    }

    /** Whether it, or what was felt of it, has a part in the given time. */
    boolean overlaps(long start, long end) {
      return from <= end && (to == Long.MAX_VALUE || to + cause.aftermath.toMillis() >= start);
    }
  }

  /** A row that was pending under a process's name when something happened to that process. */
  record Left(Cause cause, String process, String id, long deliveries) {}

  /** A graceful stop, and what was found under the process's name after it. */
  record Stop(String process, long from, long to, int pending, boolean inGroup) {}

  static final String ALL = "all";

  private final LongSupplier clock;
  private final List<Incident> incidents = new ArrayList<>();
  private final List<Left> left = new ArrayList<>();
  private final List<Stop> stops = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();

  Diary(LongSupplier clock) {
    this.clock = clock;
  }

  long now() {
    return clock.getAsLong();
  }

  /** Something begins: a number to end it with. */
  synchronized int begins(Cause cause, String subject, String what) {
    incidents.add(new Incident(cause, subject, now(), Long.MAX_VALUE, what));
    return incidents.size() - 1;
  }

  synchronized void isOver(int number) {
    Incident begun = incidents.get(number);
    incidents.set(number, new Incident(begun.cause, begun.subject, begun.from, now(), begun.what));
  }

  synchronized void happened(Cause cause, String subject, String what) {
    happened(cause, subject, now(), what);
  }

  /** Something has happened, and begun some time ago. */
  synchronized void happened(Cause cause, String subject, long from, String what) {
    incidents.add(new Incident(cause, subject, from, now(), what));
  }

  synchronized void left(Cause cause, String process, List<Eyes.Row> rows) {
    rows.forEach(row -> left.add(new Left(cause, process, row.id(), row.deliveries())));
  }

  synchronized void stopped(Stop stop) {
    stops.add(stop);
  }

  /** Something is not as it must be. */
  synchronized void broken(String what) {
    broken.add(what);
  }

  /** Since when nothing has been wrong with a process or the server; now, if something is. */
  synchronized long quietSince(String process) {
    return incidents.stream()
        .filter(incident -> incident.concerns(process))
        .mapToLong(incident -> Math.min(incident.to, now()))
        .max()
        .orElse(0);
  }

  synchronized List<Incident> incidents() {
    return List.copyOf(incidents);
  }

  /** The incidents, a line each: from, to, cause, subject, what. */
  synchronized List<String> text() {
    return incidents.stream()
        .map(
            each ->
                String.join(
                    " ",
                    Long.toString(each.from),
                    each.to == Long.MAX_VALUE ? "-" : Long.toString(each.to),
                    each.cause.name(),
                    each.subject,
                    each.what))
        .toList();
  }

  synchronized List<Left> left() {
    return List.copyOf(left);
  }

  synchronized List<Stop> stops() {
    return List.copyOf(stops);
  }

  synchronized List<String> broken() {
    return List.copyOf(broken);
  }
}
