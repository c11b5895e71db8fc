package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Fault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import redis.embedded.RedisExecProvider;

/** A Redis of the run's own, of some kind, and the ways to it. */
interface Topology extends AutoCloseable {
  /** What there is. */
  Set<String> NAMES = Set.of(Standalone.NAME, Sentinels.NAME, Cluster.NAME);

  /**
   * Starts one.
   *
   * @param folder for its files
   */
  static Topology start(Options options, Path folder) throws IOException {
    Path binary =
        options.binary().isPresent()
            ? options.binary().get()
            : RedisExecProvider.defaultProvider().get().toPath();
    return switch (options.topology()) {
      case Standalone.NAME -> Standalone.start(binary, folder);
      case Sentinels.NAME -> Sentinels.start(binary, folder);
      case Cluster.NAME -> Cluster.start(binary, folder);
      default -> throw new IllegalArgumentException("topology: " + options.topology());
    };
  }

  /** Whether a kind of Redis has replicas, by which a publisher has its messages confirmed. */
  static boolean hasReplicas(String name) {
    return !name.equals(Standalone.NAME);
  }

  /** Where a process finds it: through a wire of that process's own, if there is one. */
  String uri(int process);

  /** Where the driver finds it: past all wires. */
  String uri();

  /** Whether this can happen to it. */
  boolean can(Kind kind);

  /** The wire of a process, if processes have wires. */
  default Optional<Wire> wire(int process) {
    return Optional.empty();
  }

  /** Ends the server that has the stream at once, as a crash would. */
  void kill();

  /** Starts it again with what it has on disk; returns when all is well. */
  void restart() throws IOException;

  /** Stops its time. */
  default void freeze() {
    throw new UnsupportedOperationException();
  }

  /** Lets it go on. */
  default void thaw() {
    throw new UnsupportedOperationException();
  }

  /** Makes a replica the master, as planned; returns when all is well. */
  default void failOver() {
    throw new UnsupportedOperationException();
  }

  /** Moves the stream to another node; returns when all is well. */
  default void moveSlot() {
    throw new UnsupportedOperationException();
  }

  @Override
  void close();
}
