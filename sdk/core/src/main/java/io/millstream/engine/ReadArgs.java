package io.millstream.engine;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An XREADGROUP.
 *
 * @param group the group
 * @param consumer the consumer that reads
 * @param count COUNT, for each stream; null or 0 and less: no limit
 * @param block BLOCK; null does not block, zero blocks without end
 * @param noAck NOACK: nothing becomes pending
 * @param streams what to read, at least one
 * @since 0.1
 */
public record ReadArgs(
    String group,
    String consumer,
    @Nullable Long count,
    @Nullable Duration block,
    boolean noAck,
    List<StreamOffset> streams) {
  /**
   * One stream and where to read it.
   *
   * @param key the stream
   * @param id {@code >} for new entries; an id for the consumer's own pending entries after it
   */
  public record StreamOffset(String key, String id) {
    /** New entries of a stream. */
    public static StreamOffset fresh(String key) {
      return new StreamOffset(key, ">");
    }
  }

  /** New entries of one stream. */
  public static ReadArgs fresh(
      String key, String group, String consumer, long count, @Nullable Duration block) {
    return new ReadArgs(group, consumer, count, block, false, List.of(StreamOffset.fresh(key)));
  }

  /** The consumer's own pending entries after {@code id}. It counts a delivery: see rule 36. */
  public static ReadArgs history(
      String key, String group, String consumer, String id, @Nullable Long count) {
    return new ReadArgs(group, consumer, count, null, false, List.of(new StreamOffset(key, id)));
  }
}
