package io.millstream.observe;

import java.time.Duration;

/**
 * What happens in one worker. Methods do nothing unless overridden. See {@link Observer} for what
 * an implementation must heed.
 *
 * @since 0.1
 */
public interface WorkerObserver {
  /** Nobody listens. */
  WorkerObserver NONE = new WorkerObserver() {};

  /** Handlers were started for so many messages, whether read, taken over or retried. */
  default void delivered(int count) {}

  /** Messages were acknowledged (XACK), confirmed by the server. */
  default void acked(int count) {}

  /** A message failed and waits for another delivery. */
  default void retried() {}

  /** A message became a dead letter. */
  default void deadLettered() {}

  /** Messages of other consumers were taken over (XAUTOCLAIM). */
  default void claimed(int count) {}

  /** A message that was held belongs to another consumer now. */
  default void leaseLost() {}

  /**
   * A handler ended.
   *
   * @param time how long it ran
   * @param success whether it completed without an error
   */
  default void handled(Duration time, boolean success) {}

  /** The worker has stopped; its gauges are not asked any more. */
  default void stopped() {}
}
