package io.millstream.examples.chaos;

import java.time.Duration;
import java.util.Locale;

/** How things are written. */
final class Texts {
  private Texts() {}

  static String seconds(Duration duration) {
    return seconds(duration.toMillis());
  }

  static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  static String ofEnd(String process, Diary.Cause cause) {
    return "the end of " + process + " by " + cause.words;
  }

  static String count(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
