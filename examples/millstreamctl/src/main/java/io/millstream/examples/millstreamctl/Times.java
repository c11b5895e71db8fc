package io.millstream.examples.millstreamctl;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write and read them. */
final class Times {
  private Times() {}

  /** {@code 90s}, {@code 15m}, {@code 2h}, {@code 7d}, or ISO 8601. */
  static Duration parse(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    try {
      if (upper.startsWith("P")) {
        return Duration.parse(upper);
      }
      return Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException("'" + text + "' is no duration such as 90s, 15m, 2h or 7d");
    }
  }

  /** The two largest units. */
  static String show(Duration duration) {
    if (duration.toDays() > 0) {
      return duration.toDays() + "d" + duration.toHoursPart() + "h";
    }
    if (duration.toHours() > 0) {
      return duration.toHours() + "h" + duration.toMinutesPart() + "m";
    }
    if (duration.toMinutes() > 0) {
      return duration.toMinutes() + "m" + duration.toSecondsPart() + "s";
    }
    return duration.toSeconds() > 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
  }
}
