package io.millstream.examples.chaos;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param seed the run's
 * @param published what was published
 * @param handled what became of it
 * @param dead what was given up
 * @param faults what went wrong on purpose, and how long it was felt
 * @param broken everything that is not as it must be, with the evidence
 */
record Account(
    long seed,
    Published published,
    Handled handled,
    Dead dead,
    Faults faults,
    List<String> broken) {
  /**
   * Published messages.
   *
   * @param answered those whose XADD was answered, and which a replica has, if there are any
   * @param unconfirmed those which no replica had in time
   * @param unknown those of which nobody knows
   * @param stored how many of the unconfirmed and the unknown are in the stream
   */
  record Published(int answered, int unconfirmed, int unknown, int stored) {}

  /**
   * Handled messages.
   *
   * @param once answered ones that were handled at least once
   * @param lost what is in no state that it may be in
   * @param again how often one was handled that had been handled before
   * @param cutOff deliveries that were counted and never started
   * @param pending what is pending or unread at the end
   */
  record Handled(int once, int lost, Tally again, Tally cutOff, int pending) {}

  /**
   * Dead letters.
   *
   * @param letters all
   * @param poison poison messages in the stream
   * @param answered how many of these count as published
   */
  record Dead(int letters, int poison, int answered) {}

  /**
   * Faults.
   *
   * @param count how many
   * @param stops graceful stops
   * @param stopsChecked how many of these had Redis all the time
   * @param recovery the longest time to recover
   */
  record Faults(int count, int stops, int stopsChecked, Optional<Recovery> recovery) {}

  /** Whether nothing was lost and every invariant held. */
  boolean balances() {
    return broken.isEmpty()
        && handled.lost == 0
        && handled.pending == 0
        && handled.again.unexplained() == 0
        && handled.cutOff.unexplained() == 0
        && published.answered == handled.once + dead.answered
        && dead.letters == dead.poison;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Account\n");
    line(
        text,
        "published",
        published.answered,
        (published.unconfirmed > 0 ? published.unconfirmed + " more unconfirmed and " : "")
            + published.unknown
            + " more of unknown outcome, of which "
            + published.stored
            + " arrived");
    line(text, "handled at least once", handled.once, dead.answered + " poison besides");
    line(text, "handled again", handled.again.count(), handled.again.toString());
    line(text, "cut off unstarted", handled.cutOff.count(), handled.cutOff.toString());
    line(text, "dead-lettered", dead.letters, dead.poison + " poison messages arrived");
    line(text, "lost", handled.lost, "");
    line(text, "pending", handled.pending, "");
    line(
        text,
        "faults",
        faults.count,
        faults.stops
            + " graceful stops, of which "
            + faults.stopsChecked
            + " with Redis there: nothing of theirs may be left");
    text.append(String.format("  %-22s       %s%n", "longest to recover", words(faults.recovery)));
    broken.forEach(what -> text.append("  BROKEN: ").append(what).append(System.lineSeparator()));
    return text.append(lastLine()).toString();
  }

  private static String words(Optional<Recovery> recovery) {
    return recovery.map(Recovery::toString).orElse("nothing was handled after a fault");
  }

  private String lastLine() {
    return String.format(
        Locale.ROOT,
        "%s, seed %d: %d published, %d handled, %d again, %d dead-lettered, %d lost, %d pending,"
            + " %s to recover at most",
        balances() ? "It balances" : "It does NOT balance",
        seed,
        published.answered,
        handled.once,
        handled.again.count(),
        dead.letters,
        handled.lost,
        handled.pending,
        faults.recovery.map(longest -> Texts.seconds(longest.millis())).orElse("?"));
  }

  private static void line(StringBuilder text, String what, long count, String remark) {
    text.append(String.format(Locale.ROOT, "  %-22s%5d  %s", what, count, remark).stripTrailing())
        .append(System.lineSeparator());
  }
}
