package io.millstream.examples.millstreamctl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows with the same columns: a table for people, an object each for scripts. */
final class Table {
  private final Session session;
  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  Table(Session session, String... columns) {
    this.session = session;
    this.columns = List.of(columns);
  }

  /**
   * One row. Scripts get it at once.
   *
   * @param raw what scripts get, by column, null for what is not known
   * @param shown what people get
   */
  void row(List<? extends @Nullable Object> raw, List<String> shown) {
    if (session.json()) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        object.put(columns.get(i), raw.get(i));
      }
      session.object(object);
    } else {
      rows.add(shown);
    }
  }

  /** The table, once all rows are known. */
  void print() {
    if (session.json()) {
      return;
    }
    List<String> heads =
        columns.stream()
            .map(column -> column.replaceAll("([A-Z])", " $1").toUpperCase(Locale.ROOT))
            .toList();
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              heads.get(i).length(),
              rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
    print(heads, widths);
    rows.forEach(row -> print(row, widths));
  }

  private void print(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i));
      if (i < widths.length - 1) {
        line.append(" ".repeat(widths[i] - cells.get(i).length() + 2));
      }
    }
    session.say(line.toString());
  }
}
