package io.millstream.observe;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of a worker at any time, from any thread.
 *
 * @since 0.1
 */
public interface WorkerGauges {
  /** Its name in the group. */
  String consumer();

  /** Messages that it holds and whose handlers run or wait for a free place. */
  int inFlight();

  /** Messages that wait for their retry. */
  int waiting();

  /** How long ago its loop last made progress; it grows if the loop hangs. */
  Duration loopAge();

  /**
   * What the clock of the stream's server says now, or null where nobody has asked it: it is asked
   * for with the group ({@link Observer#groups()}).
   */
  @Nullable Instant serverTime();
}
