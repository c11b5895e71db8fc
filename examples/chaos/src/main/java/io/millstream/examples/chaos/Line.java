package io.millstream.examples.chaos;

import java.util.List;
import java.util.Locale;

/**
 * A line of a ledger.
 *
 * @param process whose ledger
 * @param number its place there, from 1 on without a gap
 * @param millis when, by the machine's clock
 * @param event what
 * @param words of what: see {@link Event}
 */
record Line(String process, long number, long millis, Event event, List<String> words) {
  /** What is written down. */
  enum Event {
    /** A worker begins: its name in the group. */
    OPEN,
    /** It reads and handles. */
    RUNNING,
    /** A handler begins: id, delivery, job. */
    START,
    /** The deed itself: id, delivery. */
    EFFECT,
    /** A handler has ended: id, delivery, done, failed or cancelled. */
    END,
    /** A worker learns that it lost a lease. */
    LOST,
    /** SIGTERM. */
    STOPPING,
    /** The worker has stopped. */
    STOPPED,
    /** A message is about to be published: job. */
    SENT,
    /** Its XADD was answered, and where there are replicas one of them has it: job, id. */
    PUBLISHED,
    /** Its XADD was answered, and no replica has said in time that it has it: job, id. */
    UNCONFIRMED,
    /** Nobody knows whether it was published: job. */
    UNKNOWN,
    /** It was certainly not published: job. */
    REFUSED;

    /** Whether it is about a handler: its first word is the id of the entry. */
    boolean ofAHandler() {
      return this == START || this == EFFECT || this == END;
    }
  }

  static Line parse(String process, String text) {
    String[] words = text.split(" ", -1);
    try {
      return new Line(
          process,
          Long.parseLong(words[0]),
          Long.parseLong(words[1]),
          Event.valueOf(words[2].toUpperCase(Locale.ROOT)),
          List.of(words).subList(3, words.length));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("ledger of " + process + ": not a line: " + text, e);
    }
  }

  /** As it stands in the file, without its end. */
  String text() {
    String head = number + " " + millis + " " + event.name().toLowerCase(Locale.ROOT);
    return words.isEmpty() ? head : head + " " + String.join(" ", words);
  }

  String word(int index) {
    return words.get(index);
  }

  long delivery() {
    return Long.parseLong(words.get(1));
  }
}
