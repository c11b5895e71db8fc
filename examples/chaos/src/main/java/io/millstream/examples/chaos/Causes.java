package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Diary.Cause;
import io.millstream.examples.chaos.Diary.Incident;
import io.millstream.examples.chaos.Diary.Left;
import io.millstream.examples.chaos.Line.Event;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds what was to blame. */
final class Causes {
  private final List<Incident> incidents;
  private final List<Left> left;
  private final List<Line> lost;

  Causes(History history) {
    this.incidents = history.diary().incidents();
    this.left = history.diary().left();
    this.lost = history.lines(Event.LOST);
  }

  /** What kept a process from going on as usual in the given time: the nearest to it first. */
  Optional<Cause> between(String process, long from, long to) {
    Optional<Cause> incident =
        incidents.stream()
            .filter(each -> each.cause() != Cause.STANDSTILL)
            .filter(each -> each.concerns(process) && each.overlaps(from, to))
            .map(Incident::cause)
            .min(Comparator.naturalOrder());
    return incident.isPresent() ? incident : lostLease(process, from, to);
  }

  private Optional<Cause> lostLease(String process, long from, long to) {
    return lost.stream()
        .filter(line -> line.process().equals(process))
        .filter(line -> line.millis() >= from && line.millis() <= to)
        .map(line -> Cause.LEASE)
        .findFirst();
  }

  /**
   * What cut a delivery off between its count and its start: the row was left behind with that
   * count, or a reply may have been lost, to anybody, in the given time.
   */
  Optional<Cause> ofCutOff(String id, long delivery, long from, long to) {
    Optional<Cause> named =
        left.stream()
            .filter(row -> row.id().equals(id) && row.deliveries() == delivery)
            .map(Left::cause)
            .min(Comparator.naturalOrder());
    if (named.isPresent()) {
      return named;
    }
    Optional<Cause> reply =
        incidents.stream()
            .filter(each -> each.cause() == Cause.RESTART
                        || each.cause() == Cause.FAILOVER
                        || each.cause() == Cause.CONNECTION)
            .filter(each -> each.overlaps(from, to))
            .map(Incident::cause)
            .max(Comparator.naturalOrder());
    return reply.isPresent()
        ? reply
        : lost.stream()
            .filter(line -> line.millis() >= from && line.millis() <= to)
            .map(line -> Cause.LEASE)
            .findFirst();
  }

  /** Whether what Redis knew may have been forgotten in the given time. */
  boolean failedOver(long from, long to) {
    return incidents.stream()
        .anyMatch(each -> each.cause() == Cause.FAILOVER && each.overlaps(from, to));
  }

  /** Whether the server, and the process's way to it, were there all the time. */
  boolean undisturbed(String process, long from, long to) {
    return incidents.stream()
        .filter(
            each ->
                each.cause() == Cause.RESTART
                    || each.cause() == Cause.FAILOVER
                    || each.cause() == Cause.STANDSTILL
                    || each.cause() == Cause.CONNECTION
                    || each.cause() == Cause.FREEZE)
        .noneMatch(each -> each.concerns(process) && each.from() <= to && each.to() >= from);
  }
}
