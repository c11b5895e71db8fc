package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Fault.Kind;
import io.millstream.examples.chaos.Fault.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * All faults of a run, in order: the same seed and length make the same plan.
 *
 * <p>Nothing is hit while it is being hit: one fault at a time for a worker, one for the server and
 * one for the connections. All of them are over when the run's length is.
 */
record Plan(List<Fault> faults) {
  /** Processes start first. */
  static final Duration FIRST = Duration.ofSeconds(2);

  private static final Duration SHORTEST_GAP = Duration.ofMillis(400);
  private static final Duration LONGEST_GAP = Duration.ofMillis(2200);

  /** What a worker needs after a fault: it starts again, or learns what it lost. */
  private static final Duration REST = Duration.ofMillis(1500);

  static Plan draw(long seed, Duration length, Predicate<Kind> possible) {
    List<Kind> kinds = Arrays.stream(Kind.values()).filter(possible).toList();
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Duration> busyUntil = new HashMap<>();
    List<Fault> faults = new ArrayList<>();
    for (Duration at = FIRST; at.compareTo(length) < 0; at = at.plus(gap(random))) {
      Fault fault = fault(random, kinds, at, length);
      String subject = subject(fault);
      if (busyUntil.getOrDefault(subject, Duration.ZERO).compareTo(at) <= 0) {
        busyUntil.put(subject, fault.end().plus(REST));
        faults.add(fault);
      }
    }
    return new Plan(List.copyOf(faults));
  }

  private static Duration gap(SplittableRandom random) {
    return millis(random, SHORTEST_GAP.toMillis(), LONGEST_GAP.toMillis());
  }

  private static Duration millis(SplittableRandom random, long least, long most) {
    return Duration.ofMillis(random.nextLong(least, most + 1));
  }

  private static Fault fault(
      SplittableRandom random, List<Kind> kinds, Duration at, Duration length) {
    Kind kind = kind(random, kinds);
    int target =
        switch (kind.subject) {
          case WORKER -> random.nextInt(1, Processes.WORKERS + 1);
          case SERVER -> 0;
          case CONNECTIONS -> random.nextInt(0, Processes.ALL + 1);
        };
    Duration lasting = millis(random, kind.shortest, kind.longest);
    Duration left = length.minus(at);
    return new Fault(at, kind, target, lasting.compareTo(left) < 0 ? lasting : left);
  }

  private static Kind kind(SplittableRandom random, List<Kind> kinds) {
    int all = kinds.stream().mapToInt(kind -> kind.weight).sum();
    int drawn = random.nextInt(all);
    for (Kind kind : kinds) {
      drawn -= kind.weight;
      if (drawn < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("weights that do not add up");
  }

  private static String subject(Fault fault) {
    Subject subject = fault.kind().subject;
    return subject == Subject.WORKER ? Processes.name(fault.target()) : subject.name();
  }

  /** When the last fault is over. */
  Duration end() {
    return faults.stream().map(Fault::end).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }
}
