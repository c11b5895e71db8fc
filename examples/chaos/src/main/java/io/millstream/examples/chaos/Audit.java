package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Account.Dead;
import io.millstream.examples.chaos.Account.Faults;
import io.millstream.examples.chaos.Account.Handled;
import io.millstream.examples.chaos.Account.Published;
import io.millstream.examples.chaos.Diary.Cause;
import io.millstream.examples.chaos.History.Story;
import io.millstream.examples.chaos.Job.Kind;
import io.millstream.examples.chaos.Line.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Goes through the ledgers, message by message, and makes the account. */
final class Audit {
  private static final int SHOWN = 20;

  private final History history;
  private final Map<String, Story> stories;
  private final Causes causes;
  private final Set<String> answered = new HashSet<>();
  private final Map<String, List<Eyes.Letter>> letters = new HashMap<>();
  private final Set<String> unsettled = new HashSet<>();
  private final List<String> broken;
  private final Tally again = new Tally();
  private final Tally cutOff = new Tally();

  private Audit(History history) {
    this.history = history;
    this.stories = history.stories();
    this.causes = new Causes(history);
    this.broken = new ArrayList<>(history.diary().broken());
    history.lines(Event.PUBLISHED).forEach(line -> answered.add(line.word(1)));
    history
        .letters()
        .forEach(
            letter -> letters.computeIfAbsent(letter.id(), id -> new ArrayList<>()).add(letter));
    history.pending().forEach(row -> unsettled.add(row.id()));
    unsettled.addAll(history.unread());
  }

  /** The account of a run. */
  static Account account(long seed, Plan plan, History history) {
    Audit audit = new Audit(history);
    audit.stories.forEach(audit::examine);
    return new Account(
        seed,
        audit.published(),
        audit.handled(),
        audit.dead(),
        audit.faults(plan),
        audit.evidence());
  }

  private void examine(String id, Story story) {
    starts(id, story);
    repeats(id, story);
    cutOffs(id, story);
    letters(id, story);
  }

  private Published published() {
    Set<String> arrived =
        history.jobs().keySet().stream()
            .filter(id -> !answered.contains(id))
            .collect(Collectors.toSet());
    int sent = history.lines(Event.SENT).size();
    int refused = history.lines(Event.REFUSED).size();
    return new Published(answered.size(), sent - refused - answered.size(), arrived.size());
  }

  private Handled handled() {
    int once = 0;
    int lost = 0;
    for (String id : answered) {
      if (!history.jobs().containsKey(id)) {
        lost++;
        broken.add(id + " was published, and is not in the stream");
      } else if (handled(id)) {
        once++;
      }
    }
    for (String id : history.jobs().keySet()) {
      if (!handled(id) && !letters.containsKey(id) && !unsettled.contains(id)) {
        lost++;
        broken.add("LOST: " + describe(id) + " is settled, and nobody handled it");
      }
    }
    history
        .pending()
        .forEach(row -> broken.add("still pending: " + row + ", " + describe(row.id())));
    history.unread().forEach(id -> broken.add("never read: " + describe(id)));
    return new Handled(once, lost, again, cutOff, unsettled.size());
  }

  private boolean handled(String id) {
    Story story = stories.get(id);
    return story != null && !story.effects().isEmpty();
  }

  /** The k-th start of a message is delivery k or a later one, and no delivery starts twice. */
  private void starts(String id, Story story) {
    List<Long> deliveries = story.starts().stream().map(Line::delivery).sorted().toList();
    for (int k = 1; k <= deliveries.size(); k++) {
      if (deliveries.get(k - 1) < k) {
        broken.add("count below starts: " + describe(id));
        return;
      }
    }
    if (new HashSet<>(deliveries).size() < deliveries.size()) {
      broken.add("one delivery started twice: " + describe(id));
    }
  }

  private void repeats(String id, Story story) {
    for (int i = 1; i < story.effects().size(); i++) {
      Line first = story.effects().get(i - 1);
      Line second = story.effects().get(i);
      Optional<Cause> cause =
          causes.between(first.process(), startOf(story, first), second.millis());
      again.add(cause);
      if (cause.isEmpty()) {
        broken.add("handled again for no reason: " + describe(id));
      }
    }
  }

  private static long startOf(Story story, Line effect) {
    return story.starts().stream()
        .filter(start -> start.process().equals(effect.process()))
        .filter(start -> start.delivery() == effect.delivery())
        .mapToLong(Line::millis)
        .findFirst()
        .orElse(effect.millis());
  }

  /** Deliveries that were counted and never started need a reason each. */
  private void cutOffs(String id, Story story) {
    Map<Long, Line> started = new HashMap<>();
    story.starts().forEach(start -> started.put(start.delivery(), start));
    long highest = started.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    for (Eyes.Letter letter : letters.getOrDefault(id, List.of())) {
      highest = Math.max(highest, letter.deliveries());
    }
    for (Eyes.Row row : history.pending()) {
      highest = row.id().equals(id) ? Math.max(highest, row.deliveries()) : highest;
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
        broken.add("delivery " + delivery + " counted and not started: " + describe(id));
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

  /** One for each poison message, with its deliveries spent, and no others. */
  private void letters(String id, Story story) {
    List<Eyes.Letter> of = letters.getOrDefault(id, List.of());
    if (poison(id)) {
      boolean once = of.size() == 1 && of.get(0).deliveries() == Rules.MAX_DELIVERIES;
      if (!once && !unsettled.contains(id)) {
        broken.add("poison with " + of.size() + " dead letters " + of + ": " + describe(id));
      }
      if (!story.effects().isEmpty()) {
        broken.add("poison was handled: " + describe(id));
      }
    } else if (!of.isEmpty()) {
      broken.add("dead-lettered and no poison: " + of + ", " + describe(id));
    }
  }

  private boolean poison(String id) {
    Job job = history.jobs().get(id);
    return job != null && job.kind() == Kind.POISON;
  }

  private Dead dead() {
    List<String> poison = history.jobs().keySet().stream().filter(this::poison).toList();
    int published = (int) poison.stream().filter(answered::contains).count();
    return new Dead(history.letters().size(), poison.size(), published);
  }

  private Faults faults(Plan plan) {
    List<Diary.Stop> stops = history.diary().stops();
    int checked = 0;
    for (Diary.Stop stop : stops) {
      if (causes.undisturbed(stop.process(), stop.from(), stop.to())) {
        checked++;
        if (stop.pending() > 0 || stop.inGroup()) {
          broken.add(
              stop.process()
                  + " was stopped and left "
                  + stop.pending()
                  + " pending under its name"
                  + (stop.inGroup() ? ", and did not leave the group" : ""));
        }
      }
    }
    return new Faults(plan.faults().size(), stops.size(), checked, Recovery.longest(history));
  }

  /** Enough of it to begin a search with. */
  private List<String> evidence() {
    if (broken.size() <= SHOWN) {
      return List.copyOf(broken);
    }
    List<String> some = new ArrayList<>(broken.subList(0, SHOWN));
    some.add("and " + (broken.size() - SHOWN) + " more");
    return List.copyOf(some);
  }

  /** All that is known of an entry. */
  private String describe(String id) {
    Job job = history.jobs().get(id);
    String what = id + (job == null ? "" : " (" + job.text() + ")");
    Story story = stories.get(id);
    if (story == null) {
      return what;
    }
    List<Line> all = new ArrayList<>(story.starts());
    all.addAll(story.effects());
    all.addAll(story.ends());
    all.sort(java.util.Comparator.comparingLong(Line::millis).thenComparingLong(Line::number));
    return all.stream()
        .map(line -> "\n      " + line.process() + ": " + line.text())
        .collect(Collectors.joining("", what, ""));
  }
}
