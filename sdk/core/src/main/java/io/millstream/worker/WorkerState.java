package io.millstream.worker;

/**
 * What a worker is doing.
 *
 * @since 0.1
 */
public enum WorkerState {
  /** Built, not started. */
  NEW,
  /**
   * It has not yet got through to Redis, created the group and looked for its own pending entries.
   */
  STARTING,
  /** It reads and handles. */
  RUNNING,
  /**
   * It handles, but does not read: as many messages wait for their retry as may ({@code
   * maxWaiting}).
   */
  SATURATED,
  /**
   * It neither reads nor starts anything, and holds only what runs: by hand ({@link
   * Worker#pause()}) or because its guard lets nothing through ({@link Worker#trouble()}).
   */
  PAUSED,
  /**
   * Something is wrong with Redis ({@link Worker#trouble()}): it backs off and tries again by
   * itself.
   */
  BACKING_OFF,
  /** It reads no more; handlers finish, and what is left is given back. */
  STOPPING,
  /** It has stopped; nothing of it runs any more. */
  STOPPED,
  /** It refused to run and will not try again: {@link Worker#trouble()} says why. */
  FAILED;

  /** Whether nothing of the worker runs any more. */
  public boolean terminal() {
    return this == STOPPED || this == FAILED;
  }
}
