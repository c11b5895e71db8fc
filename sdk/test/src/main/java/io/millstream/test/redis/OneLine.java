package io.millstream.test.redis;

/** Statuses and errors end with their line: what they quote must not end it before. */
final class OneLine {
  private OneLine() {}

  static String of(String text) {
    return text.replace('\r', ' ').replace('\n', ' ');
  }
}
