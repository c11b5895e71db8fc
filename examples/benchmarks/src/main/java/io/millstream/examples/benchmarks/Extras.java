package io.millstream.examples.benchmarks;

import java.util.Locale;

/**
 * What {@link Bench} does not measure: publishing, a dead worker's entries, Redis in memory. One
 * process, each measured after a warm-up by itself; prints a line for each.
 */
public final class Extras {
  private Extras() {}

  /** Takes the options of {@link Options}; {@code entries} is what a dead worker leaves behind. */
  public static void main(String[] args) throws Exception {
    Options options = Options.parse(System.getProperties());
    try (Server server = Server.start(options.binary())) {
      System.out.printf("Redis %s%n", server.version());
      new Publishing(server, options.seconds()).run();
      new TakeOver(server, options.entries()).run();
    }
    new InMemory(options.seconds()).run();
    System.exit(0);
  }

  static void say(String what, double value, String unit) {
    System.out.printf(Locale.ROOT, "%-44s %,14.1f %s%n", what, value, unit);
  }
}
