package io.millstream.examples.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * What a run was told, by system properties; what is empty or absent has a default.
 *
 * @param binary {@code redis.binary}: the server to use; none: the one of embedded-redis
 * @param entries {@code entries}: how many entries are drained, 300,000
 * @param rounds {@code rounds}: how often each contender runs, 3
 * @param seconds {@code seconds}: how long each run warms up, and how long it then measures, 4
 * @param contenders {@code contenders}: names, by commas; all of them
 * @param least {@code least}: the ratio to the raw loop below which the run fails, 0 for none
 * @param plot {@code plot}: where the plot is written
 */
record Options(
    Optional<Path> binary,
    int entries,
    int rounds,
    int seconds,
    List<Contender> contenders,
    double least,
    Path plot) {
  /**
   * Reads the options.
   *
   * @throws IllegalArgumentException in one line that names the option, its value and what is
   *     allowed
   */
  static Options parse(Properties properties) {
    String binary = text(properties, "redis.binary", "");
    String names = text(properties, "contenders", "");
    return new Options(
        binary.isEmpty() ? Optional.empty() : Optional.of(executable(binary)),
        number(properties, "entries", 300_000, 10_000_000),
        number(properties, "rounds", 3, 100),
        number(properties, "seconds", 4, 600),
        names.isEmpty()
            ? Contender.ALL
            : List.of(names.split(",")).stream().map(Contender::named).toList(),
        ratio(text(properties, "least", "0")),
        Path.of(text(properties, "plot", "target/bench.svg")));
  }

  private static String text(Properties properties, String name, String otherwise) {
    String value = properties.getProperty(name, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  private static int number(Properties properties, String name, int otherwise, int most) {
    String value = text(properties, name, Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(name + ": '" + value + "', allowed: 1 to " + most);
  }

  private static double ratio(String value) {
    try {
      double ratio = Double.parseDouble(value);
      if (ratio >= 0) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("least: '" + value + "', allowed: 0 or a ratio such as 0.6");
  }

  private static Path executable(String value) {
    Path path = Path.of(value);
    if (!Files.isExecutable(path)) {
      throw new IllegalArgumentException(
          "redis.binary: '" + value + "', allowed: the path of an executable redis-server");
    }
    return path;
  }
}
