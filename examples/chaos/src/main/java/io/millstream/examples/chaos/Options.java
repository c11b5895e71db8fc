package io.millstream.examples.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * What a run was told.
 *
 * @param seed where all chance comes from
 * @param length how long messages are published and faults happen
 * @param topology the kind of Redis
 * @param binary the server to use; none: the one of embedded-redis
 * @param folder where the run leaves its ledgers
 */
record Options(long seed, Duration length, String topology, Optional<Path> binary, Path folder) {
  private static final int SHORTEST = 5;
  private static final int LONGEST = 3600;

  /**
   * Reads the options; what is empty or absent has a default.
   *
   * @throws IllegalArgumentException in one line that names the option, its value and what is
   *     allowed
   */
  static Options parse(Map<?, ?> properties, RandomGenerator random) {
    String seed = text(properties, "seed", Integer.toString(random.nextInt(1, 1_000_000)));
    String seconds = text(properties, "seconds", "60");
    String binary = text(properties, "redis.binary", "");
    return new Options(
        number("seed", seed, Long.MIN_VALUE, Long.MAX_VALUE),
        Duration.ofSeconds(number("seconds", seconds, SHORTEST, LONGEST)),
        topology(text(properties, "topology", Standalone.NAME)),
        binary.isEmpty() ? Optional.empty() : Optional.of(executable(binary)),
        Path.of(text(properties, "folder", "target/chaos")));
  }

  private static String text(Map<?, ?> properties, String name, String otherwise) {
    Object value = properties.get(name);
    return value instanceof String text && !text.isBlank() ? text.strip() : otherwise;
  }

  private static long number(String name, String value, long least, long most) {
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        name + ": '" + value + "', allowed: a whole number from " + least + " to " + most);
  }

  private static String topology(String name) {
    if (Topology.NAMES.contains(name)) {
      return name;
    }
    throw new IllegalArgumentException(
        "topology: '" + name + "', allowed: " + String.join(", ", new TreeSet<>(Topology.NAMES)));
  }

  private static Path executable(String name) {
    Path path = Path.of(name);
    if (Files.isRegularFile(path) && Files.isExecutable(path)) {
      return path;
    }
    throw new IllegalArgumentException(
        "redis.binary: '" + name + "', allowed: an executable redis-server or valkey-server");
  }
}
