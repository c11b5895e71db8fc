package io.millstream.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.entry.Fields;
import io.millstream.message.Headers;
import java.util.Arrays;

/**
 * How an entry is marked that was added again for one group, because the original one was trimmed
 * or deleted when its dead letter was redriven. Every group reads it; Millstream's workers of other
 * groups acknowledge it without running a handler. Programs that are not Millstream's do not know.
 *
 * @since 0.1
 */
public final class RedriveMark {
  /** The field with the id that the entry had first. */
  public static final String ID = Envelope.HEADER_PREFIX + Headers.RESERVED + "redriven-id";

  /** The field that names the only group that the entry is for. The last field of the entry. */
  public static final String GROUP = Envelope.HEADER_PREFIX + Headers.RESERVED + "redriven-group";

  private static final byte[] GROUP_BYTES = GROUP.getBytes(UTF_8);

  private RedriveMark() {}

  /**
   * Whether an entry is marked for another group than this one. Only the last field counts: in a
   * dead letter, which has the fields of its entry too, the story comes after the mark.
   */
  public static boolean isForOtherThan(byte[] group, Fields entry) {
    int last = entry.size() - 1;
    return last >= 0
        && Arrays.equals(entry.nameBytes(last), GROUP_BYTES)
        && !Arrays.equals(entry.value(last), group);
  }
}
