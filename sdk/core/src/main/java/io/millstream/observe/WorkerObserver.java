package io.millstream.observe;

import io.millstream.entry.EntryId;
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

  /**
   * A handler starts for a message, or it turns out that the message cannot be decoded.
   *
   * @param id the message
   * @param delivery which start this is, by Redis's own delivery count
   */
  default void started(EntryId id, long delivery) {}

  /**
   * A delivery failed: the handler did, or its time was up, or the message could not be decoded.
   * What becomes of the message follows ({@link #retried()} or {@link #deadLettered()}). The
   * failure of a handler that had lost its lease counts no more and is not told.
   *
   * @param id the message
   * @param delivery which start this was
   * @param failure what it failed with; it may quote the payload
   */
  default void failed(EntryId id, long delivery, Throwable failure) {}

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

  /**
   * A handler is about to be called, on the thread that calls it. Of a batch, for each message.
   *
   * @return who follows it
   */
  default Processing processing(Arrival arrival) {
    return Processing.NONE;
  }

  /** The worker has stopped; its gauges are not asked any more. */
  default void stopped() {}
}
