package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Line.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that is known of a run when it is over.
 *
 * @param lines the ledgers
 * @param diary what the driver did and saw
 * @param jobs all entries of the stream, by id
 * @param letters all dead letters
 * @param pending what is still pending
 * @param unread the ids that no worker has read
 */
record History(
    List<Line> lines,
    Diary diary,
    Map<String, Job> jobs,
    List<Eyes.Letter> letters,
    List<Eyes.Row> pending,
    List<String> unread) {

  /** What became of one entry: the lines of it in all ledgers, by time. */
  record Story(List<Line> starts, List<Line> effects, List<Line> ends) {
    Story() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  /** The stories of all entries that a ledger or the stream knows, by id. */
  Map<String, Story> stories() {
    Map<String, Story> stories = new TreeMap<>(History::byId);
    jobs.keySet().forEach(id -> stories.put(id, new Story()));
    lines.stream()
        .sorted(Comparator.comparingLong(Line::millis))
        .forEach(
            line -> {
              switch (line.event()) {
                case START -> story(stories, line).starts.add(line);
                case EFFECT -> story(stories, line).effects.add(line);
                case END -> story(stories, line).ends.add(line);
                default -> {}
              }
            });
    return stories;
  }

  private static Story story(Map<String, Story> stories, Line line) {
    return stories.computeIfAbsent(line.word(0), id -> new Story());
  }

  /** All that is known of an entry. */
  String describe(String id) {
    Job job = jobs.get(id);
    String what = id + (job == null ? "" : " (" + job.text() + ")");
    return lines.stream()
        .filter(line -> line.event().ofAHandler() && line.word(0).equals(id))
        .sorted(Comparator.comparingLong(Line::millis).thenComparingLong(Line::number))
        .map(line -> "\n      " + line.process() + ": " + line.text())
        .collect(Collectors.joining("", what, ""));
  }

  /** The lines of one kind. */
  List<Line> lines(Event event) {
    return lines.stream().filter(line -> line.event() == event).toList();
  }

  /** When an entry was added. */
  static long millis(String id) {
    return Long.parseLong(id.substring(0, id.indexOf('-')));
  }

  /** The order of entries. */
  static int byId(String one, String other) {
    int byMillis = Long.compare(millis(one), millis(other));
    return byMillis != 0
        ? byMillis
        : Long.compare(
            Long.parseLong(one.substring(one.indexOf('-') + 1)),
            Long.parseLong(other.substring(other.indexOf('-') + 1)));
  }
}
