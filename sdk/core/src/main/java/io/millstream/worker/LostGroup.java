package io.millstream.worker;

/**
 * What to do when the consumer group is gone (NOGROUP): somebody destroyed it, deleted the stream,
 * or flushed the server. Whatever is chosen, handlers that run go on, and what they handle stays
 * theirs; where another worker makes the group anew before what this one holds, it may be handled
 * by both.
 *
 * @since 0.1
 */
public enum LostGroup {
  /**
   * The default: make it anew (XGROUP CREATE) where this worker had come, at the least of what it
   * holds and the last it saw, never before the chosen start.
   */
  RESUME,
  /** Make it anew at the beginning of the stream: all that stands in it is handled again. */
  BEGINNING,
  /** Make it anew at the end of the stream: what nobody has read by then is never handled. */
  END,
  /** Stop as {@link Worker#stop()} does, and be {@link WorkerState#FAILED}. */
  FAIL
}
