package io.millstream.examples.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a side's clock makes different from the other's: ids that it gave get the number of their
 * first appearance, times become what they are ago, rounded to ten minutes (those that the commands
 * set are whole hours).
 */
final class Ids {
  private static final Pattern CLOCK_ID = Pattern.compile("\\b(\\d{13})-\\d+");
  private static final Pattern PLACE = Pattern.compile("\\{(id|now|client):?([+-]?\\d+)}");
  private static final Pattern SECONDS = Pattern.compile("\\d{10}");
  private static final String FALLBACK = "5-5";
  private static final long ROUND = 600_000;
  private static final long WIDE = 200_000_000_000L; // about six years

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<String> ids = new ArrayList<>();
  private final long[] clients;

  /** With the ids of the connections. */
  Ids(long... clients) {
    this.clients = clients.clone();
  }

  /** The command as this side understands it. */
  List<String> resolve(List<String> words) {
    return words.stream().map(this::resolve).toList();
  }

  private String resolve(String word) {
    if (word.indexOf('{') < 0) {
      return word;
    }
    return PLACE
        .matcher(word)
        .replaceAll(
            place -> {
              long n = Long.parseLong(place.group(2));
              return switch (place.group(1)) {
                case "id" -> n < ids.size() ? ids.get((int) n) : FALLBACK;
                case "now" -> Long.toString(System.currentTimeMillis() + n);
                default -> Long.toString(clients[(int) n]);
              };
            });
  }

  /** The reply as the other side would have it. */
  Value normal(Value value) {
    if (value instanceof Value.Bulk bulk) {
      return normal(bulk.text());
    }
    if (value instanceof Value.Whole whole && isNear(whole.number())) {
      return new Value.Line("ago " + rounded(System.currentTimeMillis() - whole.number()));
    }
    if (value.isError()) { // it may quote the command
      String text = CLOCK_ID.matcher(value.print()).replaceAll(id -> normal(id.group()).print());
      return new Value.Line(text.replaceAll("'\\d{13}'", "'time'"));
    }
    return value instanceof Value.Many many ? normal(many) : value;
  }

  private static boolean isNear(long time) {
    return Math.abs(time - System.currentTimeMillis()) < WIDE;
  }

  private static long rounded(long millis) {
    return Math.round((double) millis / ROUND);
  }

  private Value normal(String text) {
    Matcher id = CLOCK_ID.matcher(text);
    if (!id.matches() || !isNear(Long.parseLong(id.group(1)))) {
      return new Value.Bulk(text);
    }
    Integer number = numbers.get(text);
    if (number == null) {
      number = ids.size();
      numbers.put(text, number);
      ids.add(text);
    }
    return new Value.Line("id " + number);
  }

  private Value normal(Value.Many many) {
    List<Value> elements = new ArrayList<>(many.elements().size());
    for (Value element : many.elements()) {
      elements.add(normal(element));
    }
    for (int i = 0; i + 1 < elements.size(); i++) {
      if (elements.get(i) instanceof Value.Bulk name
          && elements.get(i + 1) instanceof Value.Whole) {
        hideWhatIsNamed(name.text(), i + 1, elements);
      }
    }
    hideIdle(elements);
    hideServerTime(elements);
    return new Value.Many(many.type(), elements);
  }

  private static void hideWhatIsNamed(String name, int i, List<Value> elements) {
    long number = ((Value.Whole) elements.get(i)).number();
    if ((name.equals("idle") || name.equals("inactive")) && number >= 0) {
      elements.set(i, new Value.Line("since " + rounded(number)));
    } else if (name.equals("radix-tree-nodes")) {
      elements.set(i, new Value.Line("some"));
    }
  }

  /** A row of XPENDING: id, consumer, idle, count. */
  private static void hideIdle(List<Value> elements) {
    if (elements.size() == 4
        && elements.get(1) instanceof Value.Bulk
        && elements.get(2) instanceof Value.Whole idle
        && elements.get(3) instanceof Value.Whole) {
      elements.set(2, new Value.Line("since " + rounded(idle.number())));
    }
  }

  /** The second and third element of what the script take-over answers. */
  private static void hideServerTime(List<Value> elements) {
    if (elements.size() >= 4
        && elements.get(1) instanceof Value.Bulk seconds
        && SECONDS.matcher(seconds.text()).matches()
        && isNear(1_000 * Long.parseLong(seconds.text()))) {
      elements.set(1, new Value.Line("seconds"));
      elements.set(2, new Value.Line("microseconds"));
    }
  }
}
