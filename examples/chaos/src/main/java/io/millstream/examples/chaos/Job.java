package io.millstream.examples.chaos;

import java.util.Locale;

/**
 * A message: who published it, its number there, and what its handler will do.
 *
 * @param failures how many first deliveries fail, if it is {@link Kind#FLAKY}
 */
record Job(int publisher, int number, Kind kind, int failures) {
  /** What the handler of a message does. */
  enum Kind {
    /** A little work. */
    PLAIN,
    /** Fails at its first deliveries. */
    FLAKY,
    /** Takes longer than the visibility timeout at its first two deliveries. */
    SLOW,
    /** Ends the JVM. */
    POISON
  }

  /** As it is published. */
  String text() {
    return key() + " " + kind.name().toLowerCase(Locale.ROOT) + " " + failures;
  }

  /** Its name, the same in all ledgers. */
  String key() {
    return publisher + "-" + number;
  }

  static Job parse(String text) {
    String[] words = text.split("[ -]", -1);
    if (words.length != 4) {
      throw new IllegalArgumentException("not a job: '" + text + "'");
    }
    return new Job(
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Kind.valueOf(words[2].toUpperCase(Locale.ROOT)),
        Integer.parseInt(words[3]));
  }
}
