package io.millstream.engine.memory;

/**
 * When a node is full: Redis's {@code stream-node-max-entries} and {@code stream-node-max-bytes}.
 * One for a server, guarded by its lock.
 */
final class NodeLimits {
  private static final long MOST_IN_ONE_TRIM = 1_000_000;
  private static final long USUAL_IN_ONE_TRIM = 10_000;
  private static final long NODES_IN_ONE_TRIM = 100;

  long entries = 100; // 0 for no limit
  long bytes = 4096; // 0 for no limit

  /** The LIMIT of an approximate trim that has none of its own. */
  long implicitTrimLimit() {
    long limit = NODES_IN_ONE_TRIM * entries;
    return limit <= 0 ? USUAL_IN_ONE_TRIM : Math.min(limit, MOST_IN_ONE_TRIM);
  }
}
