package io.millstream.worker;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Names for consumers. */
final class ConsumerNames {
  private ConsumerNames() {}

  /** A name that no other process has: host, process id and 64 random bits. */
  static String unique(RandomGenerator random) {
    String host = System.getenv().getOrDefault("HOSTNAME", "worker");
    return host
        + "-"
        + ProcessHandle.current().pid()
        + "-"
        + HexFormat.of().toHexDigits(random.nextLong());
  }
}
