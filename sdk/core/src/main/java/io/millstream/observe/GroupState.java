package io.millstream.observe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a group stood when it was looked at.
 *
 * @param length entries in the stream (XLEN)
 * @param lag entries that were not delivered yet (XINFO GROUPS); null where the server does not
 *     know: before Redis 7.0, and after entries were deleted
 * @param pending entries delivered and not yet acknowledged (XINFO GROUPS)
 * @param oldestPending the age of the oldest of them, since it was added (XPENDING); null where
 *     none is pending
 * @param consumers consumers that the group knows, dead ones too (XINFO GROUPS)
 * @param deadLetters entries in the group's dead-letter stream (XLEN)
 * @since 0.1
 */
public record GroupState(
    long length,
    @Nullable Long lag,
    long pending,
    @Nullable Duration oldestPending,
    long consumers,
    long deadLetters) {}
