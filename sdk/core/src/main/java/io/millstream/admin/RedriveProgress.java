package io.millstream.admin;

import io.millstream.engine.AdminSteps.Redriven;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How far a redrive has come, since its beginning.
 *
 * @param letters how many dead letters there were to look at when it began
 * @param counts what became of those that it has dealt with, or would become of them in a dry run
 * @since 0.1
 */
public record RedriveProgress(long letters, Map<Redriven, Long> counts) {
  static RedriveProgress none(long letters) {
    return new RedriveProgress(letters, Map.of());
  }

  RedriveProgress plus(List<Redriven> more) {
    Map<Redriven, Long> sum = new EnumMap<>(Redriven.class);
    sum.putAll(counts);
    more.forEach(one -> sum.merge(one, 1L, Long::sum));
    return new RedriveProgress(letters, Collections.unmodifiableMap(sum));
  }

  /** How many had this fate. */
  public long count(Redriven fate) {
    return counts.getOrDefault(fate, 0L);
  }

  /** How many it has dealt with. */
  public long done() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many can be run again because of it: in place, or added. */
  public long runnable() {
    return count(Redriven.IN_PLACE) + count(Redriven.ADDED);
  }

  /** How many could not be redriven, and stay dead letters. */
  public long left() {
    return count(Redriven.HELD) + count(Redriven.FOREIGN) + count(Redriven.EMPTY);
  }
}
