package io.millstream.test;

import io.millstream.engine.PendingEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells what there is, in lines, for messages of failures. */
final class Story {
  private static final int MOST = 20;

  private Story() {}

  /** A heading with the number of lines, and the lines; nothing if there are none. */
  static List<String> section(Leftover what, List<String> lines) {
    return lines.isEmpty() ? List.of() : section(name(what), lines);
  }

  /** A heading with the number of lines, and the first of them. */
  static List<String> section(String name, List<String> lines) {
    List<String> told = new ArrayList<>();
    told.add(name + ": " + lines.size());
    lines.stream().limit(MOST).forEach(line -> told.add("  " + line));
    if (lines.size() > MOST) {
      told.add("  and " + (lines.size() - MOST) + " more");
    }
    return told;
  }

  static List<String> pending(List<PendingEntry> rows) {
    return rows.stream().map(Story::pending).toList();
  }

  static String pending(PendingEntry row) {
    return row.id()
        + " under "
        + row.consumer()
        + ", delivery count "
        + row.deliveries()
        + ", idle for "
        + row.idle().toString().substring(2).toLowerCase(Locale.ROOT);
  }

  static List<String> lines(List<?> things) {
    return things.stream().map(Object::toString).toList();
  }

  private static String name(Leftover what) {
    return switch (what) {
      case PENDING -> "pending";
      case UNDELIVERED -> "undelivered";
      case DEAD_LETTERS -> "dead letters nobody looked at";
      case FAILURES -> "failed deliveries nobody looked at";
    };
  }
}
