package io.millstream.examples.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a run was told.
 *
 * @param seed where all chance comes from
 * @param commands how many replies are compared at least
 * @param binary the real server; none: the one of embedded-redis
 */
record Options(long seed, long commands, Optional<Path> binary) {
  private static final String MANY = "100000";

  /**
   * Reads the options; what is empty or absent has a default.
   *
   * @throws IllegalArgumentException in one line that names the option, its value and what is
   *     allowed
   */
  static Options parse(Map<?, ?> properties, RandomGenerator random) {
    String seed = text(properties, "seed", Integer.toString(random.nextInt(1, 1_000_000)));
    String commands = text(properties, "commands", MANY);
    String binary = text(properties, "redis.binary", "");
    return new Options(
        number("seed", seed, Long.MIN_VALUE),
        number("commands", commands, 1),
        binary.isEmpty() ? Optional.empty() : Optional.of(executable(binary)));
  }

  private static String text(Map<?, ?> properties, String name, String otherwise) {
    Object value = properties.get(name);
    return value instanceof String text && !text.isBlank() ? text.strip() : otherwise;
  }

  private static long number(String name, String value, long least) {
    try {
      long number = Long.parseLong(value);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        name + ": '" + value + "', allowed: a whole number from " + least);
  }

  private static Path executable(String name) {
    Path path = Path.of(name);
    if (!Files.isExecutable(path)) {
      throw new IllegalArgumentException(
          "redis.binary: '" + name + "', allowed: an executable file");
    }
    return path;
  }
}
