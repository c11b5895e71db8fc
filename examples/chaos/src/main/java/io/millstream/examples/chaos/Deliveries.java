package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Diary.Cause;
import io.millstream.examples.chaos.History.Story;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Holds the starts of each message against its delivery count. */
final class Deliveries {
  private final Causes causes;
  private final History history;
  private final Consumer<String> broken;
  private final Map<String, Long> counts = new HashMap<>();
  private final Tally again = new Tally();
  private final Tally cutOff = new Tally();

  /**
   * Deliveries of a run.
   *
   * @param broken is told what must not be
   */
  Deliveries(History history, Causes causes, Consumer<String> broken) {
    this.causes = causes;
    this.history = history;
    this.broken = broken;
    history.letters().forEach(letter -> counts.merge(letter.id(), letter.deliveries(), Math::max));
    history.pending().forEach(row -> counts.merge(row.id(), row.deliveries(), Math::max));
  }

  /** How often a message was handled that had been handled before. */
  Tally again() {
    return again;
  }

  /** Deliveries that were counted and never started. */
  Tally cutOff() {
    return cutOff;
  }

  /** Looks at one message. */
  void examine(String id, Story story) {
    starts(id, story);
    secondStarts(id, story);
    repeats(story);
    cutOffs(id, story);
  }

  /** The k-th start of a message is delivery k or a later one, and no delivery starts twice. */
  private void starts(String id, Story story) {
    List<Long> deliveries = story.starts().stream().map(Line::delivery).sorted().toList();
    if (forgotten(story)) {
      return;
    }
    for (int k = 1; k <= deliveries.size(); k++) {
      if (deliveries.get(k - 1) < k) {
        broken.accept("count below starts: " + history.describe(id));
        return;
      }
    }
    if (new HashSet<>(deliveries).size() < deliveries.size()) {
      broken.accept("one delivery started twice: " + history.describe(id));
    }
  }

  /** Counts that no replica had yet are lost by a failover. */
  private boolean forgotten(Story story) {
    List<Line> starts = story.starts();
    return !starts.isEmpty()
        && causes.failedOver(starts.get(0).millis(), starts.get(starts.size() - 1).millis());
  }

  /**
   * What did not fail starts again only if something happened to the worker of its earlier
   * delivery. (That one may be the later start: a worker that was frozen before it could begin.)
   */
  private void secondStarts(String id, Story story) {
    List<Line> starts = byDelivery(story.starts());
    for (int i = 1; i < starts.size(); i++) {
      if (!failed(story, starts.get(i - 1)) && reason(starts.get(i - 1), starts.get(i)).isEmpty()) {
        broken.accept("started again for no reason: " + history.describe(id));
      }
    }
  }

  private static List<Line> byDelivery(List<Line> lines) {
    return lines.stream().sorted(Comparator.comparingLong(Line::delivery)).toList();
  }

  private Optional<Cause> reason(Line earlier, Line next) {
    return causes.between(
        earlier.process(),
        Math.min(earlier.millis(), next.millis()),
        Math.max(earlier.millis(), next.millis()));
  }

  private static boolean failed(Story story, Line start) {
    return story.ends().stream()
        .anyMatch(end -> sameDelivery(end, start) && end.word(2).equals("failed"));
  }

  private static boolean sameDelivery(Line one, Line other) {
    return one.process().equals(other.process()) && one.delivery() == other.delivery();
  }

  private void repeats(Story story) {
    List<Line> effects = byDelivery(story.effects());
    for (int i = 1; i < effects.size(); i++) {
      again.add(reason(startOf(story, effects.get(i - 1)), effects.get(i)));
    }
  }

  private static Line startOf(Story story, Line effect) {
    return story.starts().stream()
        .filter(start -> sameDelivery(start, effect))
        .findFirst()
        .orElse(effect);
  }

  /** Deliveries that were counted and never started need a reason each. */
  private void cutOffs(String id, Story story) {
    Map<Long, Line> started = new HashMap<>();
    story.starts().forEach(start -> started.put(start.delivery(), start));
    long highest = counts.getOrDefault(id, 0L);
    for (long delivery : started.keySet()) {
      highest = Math.max(highest, delivery);
    }
    long before = History.millis(id);
    for (long delivery = 1; delivery <= highest; delivery++) {
      Line start = started.get(delivery);
      if (start != null) {
        before = start.millis();
        continue;
      }
      Optional<Cause> cause = causes.ofCutOff(id, delivery, before, nextStart(story, delivery));
      cutOff.add(cause);
      if (cause.isEmpty()) {
        broken.accept("delivery " + delivery + " counted and not started: " + history.describe(id));
      }
    }
  }

  private static long nextStart(Story story, long delivery) {
    return story.starts().stream()
        .filter(start -> start.delivery() > delivery)
        .mapToLong(Line::millis)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
