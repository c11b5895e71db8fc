package io.millstream.engine.memory;

import io.millstream.entry.EntryId;

/** Reads ids and the bounds of ranges as Redis reads them. */
final class Ids {
  private Ids() {}

  /** An id; {@code -} and {@code +} are none. */
  static EntryId strict(String text) {
    try {
      return EntryId.parse(text);
    } catch (IllegalArgumentException e) {
      throw Errors.invalidId();
    }
  }

  /** An id, {@code -} for the smallest or {@code +} for the largest. */
  static EntryId loose(String text) {
    return switch (text) {
      case "-" -> EntryId.MIN;
      case "+" -> EntryId.MAX;
      default -> strict(text);
    };
  }

  /** The lower bound of a range, inclusive. */
  static EntryId rangeStart(String text) {
    if (!exclusive(text)) {
      return loose(text);
    }
    EntryId id = strict(text.substring(1));
    if (id.equals(EntryId.MAX)) {
      throw Errors.err("invalid start ID for the interval");
    }
    return id.next();
  }

  /** The upper bound of a range, inclusive. */
  static EntryId rangeEnd(String text) {
    if (!exclusive(text)) {
      return lastOf(text, loose(text));
    }
    String bare = text.substring(1);
    EntryId id = lastOf(bare, strict(bare));
    if (id.equals(EntryId.MIN)) {
      throw Errors.err("invalid end ID for the interval");
    }
    return id.previous();
  }

  private static boolean exclusive(String text) {
    return text.length() > 1 && text.charAt(0) == '(';
  }

  /** Milliseconds alone mean, at the end of a range, the last id of that millisecond. */
  private static EntryId lastOf(String text, EntryId id) {
    return text.indexOf('-') < 0 && !text.equals("+") ? new EntryId(id.ms(), -1L) : id;
  }
}
