package io.millstream.examples.chaos;

import java.io.IOException;
import java.nio.file.Path;

/** A Redis of the run's own, of some kind, and the wires to it. */
interface Topology extends AutoCloseable {
  /**
   * Starts one.
   *
   * @param folder for its files
   */
  static Topology start(Options options, Path folder) throws IOException {
    return switch (options.topology()) {
      case Standalone.NAME -> Standalone.start(options, folder);
      default -> throw new IllegalArgumentException("topology: " + options.topology());
    };
  }

  /** Where a process finds it: through a wire of that process's own. */
  String uri(int process);

  /** Where the driver finds it: past all wires. */
  String uri();

  /** The wire of a process. */
  Wire wire(int process);

  /** Ends the server at once, as a crash would. */
  void kill();

  /** Starts it again with what it has on disk; returns when it answers. */
  void restart() throws IOException;

  /** Stops its time. */
  void freeze();

  /** Lets it go on. */
  void thaw();

  @Override
  void close();
}
