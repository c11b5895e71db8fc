package io.millstream.examples.chaos;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Says what happens, with the time since the start. */
final class Progress {
  private final PrintStream out;
  private final LongSupplier clock;
  private final long start;

  Progress(PrintStream out, LongSupplier clock) {
    this.out = out;
    this.clock = clock;
    this.start = clock.getAsLong();
  }

  void say(String what, Object... details) {
    String time = Texts.seconds(clock.getAsLong() - start);
    out.printf(Locale.ROOT, "%8s  %s%n", time, String.format(Locale.ROOT, what, details));
  }

  /** Without a time. */
  void print(Object text) {
    out.println(text);
  }
}
