package io.millstream.examples.orders;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.PrintStream;
import java.util.Locale;
import reactor.core.scheduler.Scheduler;

/** Says what happens while it happens, with the seconds since the beginning. */
final class Progress {
  private final PrintStream out;
  private final Scheduler clock;
  private final long start;

  Progress(PrintStream out, Scheduler clock) {
    this.out = out;
    this.clock = clock;
    this.start = clock.now(NANOSECONDS);
  }

  void say(String format, Object... args) {
    double seconds = (clock.now(NANOSECONDS) - start) / 1e9;
    String what = String.format(Locale.ROOT, format, args);
    out.println(String.format(Locale.ROOT, "%5.1f s  %s", seconds, what));
  }
}
