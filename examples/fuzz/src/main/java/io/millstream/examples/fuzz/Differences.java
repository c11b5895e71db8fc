package io.millstream.examples.fuzz;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is known to differ on the server at hand, and how often it did. */
final class Differences {
  /** What becomes of two replies that differ. */
  enum Verdict {
    /** Nobody has told of it. */
    UNKNOWN,
    /** Known, and only these words differ. */
    HERE_ONLY,
    /** Known, and what is in the streams differs from now on. */
    FROM_HERE_ON
  }

  private final List<Difference> listed;
  private final Map<Difference, Integer> seen = new EnumMap<>(Difference.class);

  Differences(List<Difference> listed) {
    this.listed = List.copyOf(listed);
  }

  Verdict judge(Step step, Value ours, Value theirs) {
    for (Difference difference : listed) {
      if (difference.explains(step, ours, theirs)) {
        seen.merge(difference, 1, Integer::sum);
        return difference.lasts() ? Verdict.FROM_HERE_ON : Verdict.HERE_ONLY;
      }
    }
    return Verdict.UNKNOWN;
  }

  /** What was seen: {@code NAME 12}. */
  List<String> account() {
    return seen.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).toList();
  }

  /** What is listed and did not occur. */
  Set<Difference> absent() {
    Set<Difference> absent = new TreeSet<>(listed);
    absent.removeAll(seen.keySet());
    return absent;
  }
}
