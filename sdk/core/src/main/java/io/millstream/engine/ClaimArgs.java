package io.millstream.engine;

import io.millstream.entry.EntryId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of XCLAIM.
 *
 * @param idle IDLE: the idle time to set, or null for 0
 * @param timeMillis TIME: the last delivery as Unix milliseconds, or null
 * @param retryCount RETRYCOUNT: the delivery count to set, or null
 * @param force FORCE: create the pending entry if there is none
 * @param lastId LASTID, or null
 * @since 0.1
 */
public record ClaimArgs(
    @Nullable Duration idle,
    @Nullable Long timeMillis,
    @Nullable Long retryCount,
    boolean force,
    @Nullable EntryId lastId) {
  /** No option. */
  public static final ClaimArgs NONE = new ClaimArgs(null, null, null, false, null);

  /** With IDLE. */
  public static ClaimArgs idle(Duration idle) {
    return new ClaimArgs(idle, null, null, false, null);
  }

  /** With RETRYCOUNT. */
  public static ClaimArgs retryCount(long count) {
    return new ClaimArgs(null, null, count, false, null);
  }

  /** With FORCE. */
  public static ClaimArgs forced() {
    return new ClaimArgs(null, null, null, true, null);
  }
}
