package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Account.Dead;
import io.millstream.examples.chaos.Account.Faults;
import io.millstream.examples.chaos.Account.Handled;
import io.millstream.examples.chaos.Account.Published;
import io.millstream.examples.chaos.History.Story;
import io.millstream.examples.chaos.Job.Kind;
import io.millstream.examples.chaos.Line.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  private final Deliveries deliveries;

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
    this.deliveries = new Deliveries(history, causes, broken::add);
  }

  /** The account of a run. */
  static Account account(long seed, Plan plan, History history) {
    Audit audit = new Audit(history);
    audit.stories.forEach(audit::examine);
    Crowding.examine(history.lines(), audit.broken::add);
    return new Account(
        seed,
        audit.published(),
        audit.handled(),
        audit.dead(),
        audit.faults(plan),
        audit.evidence());
  }

  private void examine(String id, Story story) {
    deliveries.examine(id, story);
    letters(id, story);
  }

  private Published published() {
    Set<String> arrived =
        history.jobs().keySet().stream()
            .filter(id -> !answered.contains(id))
            .collect(Collectors.toSet());
    int sent = history.lines(Event.SENT).size();
    int refused = history.lines(Event.REFUSED).size();
    int unconfirmed = history.lines(Event.UNCONFIRMED).size();
    int unknown = sent - refused - unconfirmed - answered.size();
    return new Published(answered.size(), unconfirmed, unknown, arrived.size());
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
        broken.add("LOST, settled and not handled: " + history.describe(id));
      }
    }
    history
        .pending()
        .forEach(row -> broken.add("still pending: " + row + ", " + history.describe(row.id())));
    history.unread().forEach(id -> broken.add("never read: " + history.describe(id)));
    return new Handled(once, lost, deliveries.again(), deliveries.cutOff(), unsettled.size());
  }

  private boolean handled(String id) {
    Story story = stories.get(id);
    return story != null && !story.effects().isEmpty();
  }

  /** One for each poison message, with its deliveries spent, and no others. */
  private void letters(String id, Story story) {
    List<Eyes.Letter> of = letters.getOrDefault(id, List.of());
    if (poison(id)) {
      boolean once = of.size() == 1 && of.get(0).deliveries() == Rules.MAX_DELIVERIES;
      if (!once && !unsettled.contains(id)) {
        broken.add(
            "poison with " + of.size() + " dead letters " + of + ": " + history.describe(id));
      }
      if (!story.effects().isEmpty()) {
        broken.add("poison was handled: " + history.describe(id));
      }
    } else if (!of.isEmpty()) {
      broken.add("dead-lettered and no poison: " + of + ", " + history.describe(id));
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
}
