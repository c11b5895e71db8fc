package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Diary.Cause;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How often something happened, and why. */
final class Tally {
  private final Map<Cause, Integer> byCause = new EnumMap<>(Cause.class);
  private int unexplained;

  void add(Optional<Cause> cause) {
    cause.ifPresentOrElse(known -> byCause.merge(known, 1, Integer::sum), () -> unexplained++);
  }

  int count() {
    return unexplained + byCause.values().stream().mapToInt(Integer::intValue).sum();
  }

  int unexplained() {
    return unexplained;
  }

  /** For people: what it was put down to. */
  @Override
  public String toString() {
    String known =
        byCause.entrySet().stream()
            .map(entry -> entry.getKey().words + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    String unknown = unexplained == 0 ? "" : "unexplained " + unexplained;
    return known.isEmpty() || unknown.isEmpty() ? known + unknown : known + ", " + unknown;
  }
}
