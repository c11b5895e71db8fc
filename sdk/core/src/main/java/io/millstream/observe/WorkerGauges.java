package io.millstream.observe;

import java.time.Duration;

/**
 * What can be asked of a worker at any time, from any thread.
 *
 * @since 0.1
 */
public interface WorkerGauges {
  /** Messages that it holds and whose handlers run or wait for a free place. */
  int inFlight();

  /** Messages that wait for their retry. */
  int waiting();

  /** How long ago its loop last made progress; it grows if the loop hangs. */
  Duration loopAge();
}
