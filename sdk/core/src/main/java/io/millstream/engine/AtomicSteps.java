package io.millstream.engine;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What must be atomic and no single command does: a Lua script on Redis, one critical section in
 * memory.
 *
 * <p>Each step on an entry is fenced by (consumer, expected delivery count) and asks first:
 * <i>still pending under this consumer with this count?</i> Run twice, it does what it does once.
 * Where the stream or the group is gone, a step fails with {@code NOGROUP}. Answers come in the
 * order of the ids; at most {@value #MAX_IDS} ids a call.
 *
 * @since 0.1
 */
public interface AtomicSteps {
  /** The most ids of one call. */
  int MAX_IDS = 100;

  /** The consumer that takes what is released: any claim may take it from there. */
  String RELEASED = "millstream.released";

  /** What became of a step on one entry. */
  enum Answer {
    /** It took effect, now or when it was asked before. */
    DONE,
    /**
     * The entry is not pending under this consumer with this count. If the same step may have been
     * asked before (a lost reply), this means "unknown"; otherwise somebody else has it, or it is
     * settled.
     */
    NOT_OURS,
    /** It is not pending, and it no longer stands in the stream. */
    GONE
  }

  /**
   * A pending entry and the delivery count that its holder believes it has.
   *
   * @param id the entry
   * @param count the count
   */
  record Held(EntryId id, long count) {}

  /**
   * The answer to a redeliver.
   *
   * @param id the entry that was asked for
   * @param answer what became of it
   * @param entry the entry, present if and only if the answer is DONE
   */
  record Redelivered(EntryId id, Answer answer, @Nullable Entry entry) {}

  /**
   * One entry to give back.
   *
   * @param id the entry
   * @param count the count that its holder believes it has
   * @param newCount the count it is to have from now on
   * @param idle the idle time it is to have: as long as the longest visibility timeout for "at
   *     once"
   */
  record Release(EntryId id, long count, long newCount, Duration idle) {}

  /**
   * A message to give up.
   *
   * @param stream the stream it came from
   * @param group the group
   * @param consumer who holds it
   * @param held the entry and its count
   * @param target the dead-letter stream, in the same hash slot as {@code stream}
   * @param original the fields as they were read, or null to take them from the stream
   * @param idField the name of the field of {@code story} that has the entry's id: by it a dead
   *     letter that was written before is recognised
   * @param story the fields that are added to the original ones
   */
  record DeadLetter(
      String stream,
      String group,
      String consumer,
      Held held,
      String target,
      @Nullable Fields original,
      String idField,
      Fields story) {}

  /**
   * What became of entries that were done with.
   *
   * @param acknowledged how many were pending, and are not any more
   * @param deleted how many were deleted
   */
  record Deleted(long acknowledged, long deleted) {}

  /**
   * The answer to a take-over.
   *
   * @param cursor where the next call starts, {@code 0-0} at the end of the pending entries list;
   *     if refused, the one that was given
   * @param taken rows that now belong to the consumer, in the order of their ids, each with its
   *     delivery count, which is what it was
   * @param serverTime the server's clock (TIME) when the step ran
   * @param refused whether that clock was past {@code notAfter}: then nothing was done
   */
  record TakenOver(EntryId cursor, List<Held> taken, Instant serverTime, boolean refused) {
    /** Whether the whole list has been looked at. */
    public boolean complete() {
      return !refused && cursor.equals(EntryId.MIN);
    }
  }

  /**
   * Counts a delivery: for each entry that is ours at {@code count}, sets the count to {@code count
   * + 1}, resets idle and returns the entry. Finding {@code count + 1} already under this consumer,
   * it resets idle and returns the entry too. An entry that is ours but no longer stands is GONE,
   * and its row is removed.
   */
  Mono<List<Redelivered>> redeliver(
      String stream, String group, String consumer, long count, List<EntryId> ids);

  /**
   * Resets the idle time of what is ours; the count stays. The row of an entry that no longer
   * stands may go (Redis 7.0 and later) or stay (6.2); either way the answer is GONE.
   */
  Mono<List<Answer>> renew(String stream, String group, String consumer, List<Held> held);

  /**
   * Writes the dead letter (XADD), then acknowledges (XACK); if the former fails, the latter does
   * not happen. A row that is missing while its entry stands is settled: nothing is written
   * (NOT_OURS). If neither row nor entry is there, the answer is GONE, and the dead letter is
   * written unless one of the last 100 has this id. Without {@code original} and without an entry,
   * the story alone is written.
   */
  Mono<Answer> deadLetter(DeadLetter deadLetter);

  /**
   * Acknowledges entries (XACK), then deletes those of them that no group needs any more: each
   * group has read them, and none has them pending (XINFO GROUPS, XPENDING, XDEL). Where there is
   * no stream or no group, nothing happens.
   */
  Mono<Deleted> acknowledgeAndDelete(String stream, String group, List<EntryId> ids);

  /**
   * The same without an acknowledgement, for what is settled already: an entry that is pending
   * again stays.
   */
  Mono<Deleted> deleteSettled(String stream, List<EntryId> ids);

  /**
   * Gives entries back: they belong to {@link #RELEASED} with the given count and idle time. DONE
   * also if it finds the entry under {@link #RELEASED} with {@code newCount} already. The row of an
   * entry that no longer stands is removed (GONE).
   */
  Mono<List<Answer>> release(String stream, String group, String consumer, List<Release> releases);

  /**
   * Removes a consumer that has nothing pending.
   *
   * @return whether it is gone: true too if there was none, false if it has pending entries
   */
  Mono<Boolean> removeConsumer(String stream, String group, String consumer);

  /**
   * Takes over a page of what nobody has renewed for {@code minIdle}, whoever held it, the consumer
   * itself included (XAUTOCLAIM ... JUSTID): idle starts again at zero, the count stays. Rows of
   * entries that no longer stand are removed, on every version, and are not in the answer; they use
   * {@code count} all the same, so an empty page with a cursor that is not {@code 0-0} is no end.
   *
   * <p>The fence: a step that was sent before the server stood still (SIGSTOP, a paused machine)
   * runs when the server goes on, when everybody's idle time looks long, and would take what live
   * workers hold. So it does nothing where the server's clock is past {@code notAfter}. Give it the
   * server's time that was last seen, and a part of the visibility timeout; {@link Instant#EPOCH}
   * asks for the time only. A step that is refused does not look at the stream: it does not fail
   * with {@code NOGROUP} or {@code WRONGTYPE} either.
   *
   * @param cursor where to start (inclusive), {@code 0-0} for the beginning
   * @param count how many at most, 1 to {@value #MAX_IDS}
   */
  Mono<TakenOver> takeOver(
      String stream,
      String group,
      String consumer,
      Duration minIdle,
      EntryId cursor,
      int count,
      Instant notAfter);

  /**
   * Takes what {@link #RELEASED} holds and what is idle for at least {@code minIdle}, oldest ids
   * first: idle starts again at zero, the count stays. Rows of entries that no longer stand are
   * removed, on every version, and are not in the answer; they use {@code count} all the same, so
   * fewer than {@code count} does not mean that there are no more.
   *
   * @param count how many at most, 1 to {@value #MAX_IDS}
   * @return what now belongs to the consumer, in the order of the ids, with its delivery counts
   */
  Mono<List<Held>> takeReleased(
      String stream, String group, String consumer, Duration minIdle, int count);
}
