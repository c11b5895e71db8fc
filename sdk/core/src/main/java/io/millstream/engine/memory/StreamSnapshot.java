package io.millstream.engine.memory;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream with all that Redis knows of it: what XINFO STREAM FULL shows, and what DUMP and RESTORE
 * carry.
 *
 * @param length entries that stand
 * @param nodes the nodes that they are kept in
 * @param lastId the largest id ever given
 * @param maxDeletedId the largest id ever deleted by XDEL
 * @param added entries ever added
 * @param firstId the first entry's id, or 0-0
 * @param entries its first entries, or all
 * @param groups its groups, by name
 * @since 0.1
 */
public record StreamSnapshot(
    long length,
    int nodes,
    EntryId lastId,
    EntryId maxDeletedId,
    long added,
    EntryId firstId,
    List<Entry> entries,
    List<Group> groups) {
  /**
   * A consumer group.
   *
   * @param name its name
   * @param lastId the last id handed out
   * @param entriesRead entries read so far, null if unknown
   * @param lag entries not yet delivered, null if unknown; it follows from the rest
   * @param pending the pending entries list
   * @param consumers its consumers, by name
   */
  public record Group(
      String name,
      EntryId lastId,
      @Nullable Long entriesRead,
      @Nullable Long lag,
      List<Pending> pending,
      List<Consumer> consumers) {}

  /**
   * A row of the pending entries list.
   *
   * @param id the entry
   * @param consumer who holds it
   * @param deliveredAt when it was last delivered, in Unix milliseconds
   * @param count its delivery count
   */
  public record Pending(EntryId id, String consumer, long deliveredAt, long count) {}

  /**
   * A consumer.
   *
   * @param name its name
   * @param seenAt when it last tried something, in Unix milliseconds
   * @param activeAt when it last got something, in Unix milliseconds; -1 if never
   */
  public record Consumer(String name, long seenAt, long activeAt) {}
}
