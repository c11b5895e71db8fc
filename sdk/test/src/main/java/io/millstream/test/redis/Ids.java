package io.millstream.test.redis;

import io.millstream.entry.EntryId;

/**
 * Reads ids. The engine reads them too; here it is done where a command must find a wrong id before
 * it finds something else.
 */
final class Ids {
  private Ids() {}

  /** An id; {@code -} and {@code +} are none. */
  static EntryId strict(String text) {
    try {
      return EntryId.parse(text);
    } catch (IllegalArgumentException e) {
      throw Failures.invalidId();
    }
  }

  /** The lower bound of a range, inclusive. */
  static EntryId start(String text) {
    if (!isExclusive(text)) {
      return loose(text);
    }
    EntryId id = strict(text.substring(1));
    if (id.equals(EntryId.MAX)) {
      throw Failures.err("invalid start ID for the interval");
    }
    return id.next();
  }

  /** Refuses what is no upper bound of a range. */
  static void checkEnd(String text) {
    if (!isExclusive(text)) {
      loose(text);
    } else if (strict(text.substring(1)).equals(EntryId.MIN) && text.indexOf('-') > 0) {
      throw Failures.err("invalid end ID for the interval");
    }
  }

  private static EntryId loose(String text) {
    return switch (text) {
      case "-" -> EntryId.MIN;
      case "+" -> EntryId.MAX;
      default -> strict(text);
    };
  }

  private static boolean isExclusive(String text) {
    return text.length() > 1 && text.charAt(0) == '(';
  }
}
