package io.millstream.worker;

/**
 * Hears of each change of a worker's state.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface WorkerListener {
  /**
   * The state has changed. Called on the worker's loop, one call after the other: it must not
   * block. What it throws is logged and harms nobody.
   *
   * @param worker whose; {@link Worker#trouble()} says why it backs off, is paused or has failed
   * @param before what it was
   * @param now what it is
   */
  void stateChanged(Worker worker, WorkerState before, WorkerState now);
}
