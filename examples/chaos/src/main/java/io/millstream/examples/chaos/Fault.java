package io.millstream.examples.chaos;

import java.time.Duration;
import java.util.Locale;

/**
 * One thing that goes wrong.
 *
 * @param at when, counted from the start of the run
 * @param kind what
 * @param target the worker, or the process whose connections are meant; 0: the server, or all
 * @param lasting how long until it is over; zero: it is over at once
 */
record Fault(Duration at, Kind kind, int target, Duration lasting) {
  /** Whom a fault hits. */
  enum Subject {
    WORKER,
    SERVER,
    CONNECTIONS
  }

  /** What can go wrong, how often it does in proportion to the others, and how long it lasts. */
  enum Kind {
    KILL_WORKER(Subject.WORKER, 5, 0, 0, "kill %s"),
    FREEZE_WORKER(Subject.WORKER, 4, 3_000, 6_000, "freeze %s"),
    STOP_WORKER(Subject.WORKER, 4, 0, 0, "stop %s gracefully"),
    KILL_SERVER(Subject.SERVER, 3, 200, 2_500, "kill Redis"),
    FREEZE_SERVER(Subject.SERVER, 3, 500, 6_000, "freeze Redis"),
    KILL_CLIENTS(Subject.SERVER, 2, 0, 0, "CLIENT KILL of all connections"),
    CUT(Subject.CONNECTIONS, 3, 0, 0, "cut the connections of %s"),
    CUT_REPLY(Subject.CONNECTIONS, 4, 1_000, 1_000, "cut the connections of %s within a reply"),
    HALF_OPEN(Subject.CONNECTIONS, 3, 1_000, 12_000, "half-open connections of %s, then cut"),
    STALL(Subject.CONNECTIONS, 3, 500, 6_000, "stall the connections of %s, then let them go on"),
    FAIL_OVER(Subject.SERVER, 3, 0, 0, "planned failover"),
    MOVE_SLOT(Subject.SERVER, 3, 0, 0, "move the stream to another node");

    final Subject subject;
    final int weight;
    final int shortest; // milliseconds
    final int longest;
    private final String words;

    Kind(Subject subject, int weight, int shortest, int longest, String words) {
      this.subject = subject;
      this.weight = weight;
      this.shortest = shortest;
      this.longest = longest;
      this.words = words;
    }
  }

  Duration end() {
    return at.plus(lasting);
  }

  @Override
  public String toString() {
    String who = target == 0 ? "all" : Processes.name(target);
    String what = String.format(Locale.ROOT, kind.words, who);
    return lasting.isZero() ? what : what + ", " + Texts.seconds(lasting);
  }
}
