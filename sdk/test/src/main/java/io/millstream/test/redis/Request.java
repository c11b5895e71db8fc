package io.millstream.test.redis;

import io.millstream.engine.RedisException;
import java.util.List;
import java.util.Locale;

/** A command as it was sent: its name and its arguments. */
final class Request {
  private final List<byte[]> words;

  Request(List<byte[]> words) {
    this.words = words;
  }

  /** How many words, the name included. */
  int size() {
    return words.size();
  }

  /** The name in lower case. */
  String name() {
    return lower(0);
  }

  byte[] bytes(int i) {
    return words.get(i);
  }

  String text(int i) {
    return Text.of(words.get(i));
  }

  String lower(int i) {
    return text(i).toLowerCase(Locale.ROOT);
  }

  /** Whether this word is that option, in whatever case. */
  boolean is(int i, String option) {
    return text(i).equalsIgnoreCase(option);
  }

  /** The words from here on. */
  List<String> texts(int from) {
    return words.subList(from, words.size()).stream().map(Text::of).toList();
  }

  /** The words from here on. */
  List<byte[]> rest(int from) {
    return words.subList(from, words.size());
  }

  /** A number as Redis reads it: no sign but a minus, no leading zero, no space. */
  long number(int i) {
    return number(i, "value is not an integer or out of range");
  }

  /** A number, or an error of its own. */
  long number(int i, String error) {
    String text = text(i);
    try {
      long number = Long.parseLong(text);
      if (Long.toString(number).equals(text)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw Failures.err(error);
    }
    throw Failures.err(error);
  }

  /** The error for a command that is given too few or too many words. */
  RedisException wrongNumber(String command) {
    return Failures.err("wrong number of arguments for '" + command + "' command");
  }
}
