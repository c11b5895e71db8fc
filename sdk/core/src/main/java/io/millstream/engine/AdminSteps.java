package io.millstream.engine;

import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What an operator asks for that must be atomic and no single command does: a Lua script on Redis,
 * one critical section in memory. Run twice, each does what it does once.
 *
 * @since 0.1
 */
public interface AdminSteps {
  /** The most dead letters of one redrive. */
  int MAX_LETTERS = 100;

  /** The most entries that one trim removes: what a server is kept busy with at a time. */
  int MAX_TRIMMED = 1_000;

  /** What became of a dead letter, or would become of it. */
  enum Redriven {
    /** Its entry is pending again, under {@link AtomicSteps#RELEASED} with count 0. */
    IN_PLACE,
    /** Its entry was gone: it was added again, marked for its group. */
    ADDED,
    /** Its entry is pending already: only the dead letter went. */
    PENDING,
    /** Its entry is yet to be read by the group: only the dead letter went. */
    UNREAD,
    /** There is no such dead letter: it was redriven or deleted before. */
    ABSENT,
    /**
     * Its entry is gone but still pending: whoever holds it may be working on it. The dead letter
     * stays; once the row is gone (a claim removes it) it can be redriven.
     */
    HELD,
    /** It is no dead letter of this stream and group. It stays. */
    FOREIGN,
    /** Its entry is gone and nobody held the fields of it: there is nothing to run. It stays. */
    EMPTY
  }

  /**
   * The names of the fields that make a dead letter, and those that mark an entry that was added
   * again.
   *
   * @param stream names the stream; the story begins with its last field of this name, and what is
   *     before are the original fields
   * @param id has the entry's id
   * @param group names the group
   * @param markId has the id that an entry had first, where it was added again
   * @param markGroup names the only group that such an entry is for: always the last field
   */
  record Names(String stream, String id, String group, String markId, String markGroup) {}

  /**
   * Dead letters to bring back to their group.
   *
   * @param stream the stream they came from
   * @param group the group they came from
   * @param source the dead-letter stream, in the same hash slot as {@code stream}
   * @param names the names of the fields
   * @param letters their ids in {@code source}, at most {@value #MAX_LETTERS}
   * @param dryRun whether to tell only what would happen
   */
  record Redrive(
      String stream,
      String group,
      String source,
      Names names,
      List<EntryId> letters,
      boolean dryRun) {
    public Redrive {
      letters = List.copyOf(letters);
      if (letters.size() > MAX_LETTERS) {
        throw new IllegalArgumentException(
            "letters: " + letters.size() + " in one step, expected at most " + MAX_LETTERS);
      }
    }
  }

  /**
   * What a trim is to leave. One of {@code maxLength} and {@code maxAge} is given.
   *
   * @param stream the stream
   * @param maxLength how many entries, or null
   * @param maxAge how old, by the server's clock and the milliseconds in their ids, or null
   * @param ignored groups that are not asked: what they have not read may go
   * @param withoutGroups whether a stream that no group reads may be trimmed at all
   * @param most how many entries may go at once, 1 to {@value #MAX_TRIMMED}
   */
  record SafeTrim(
      String stream,
      @Nullable Long maxLength,
      @Nullable Duration maxAge,
      Collection<String> ignored,
      boolean withoutGroups,
      int most) {
    public SafeTrim {
      ignored = List.copyOf(ignored);
      if ((maxLength == null) == (maxAge == null)) {
        throw new IllegalArgumentException(
            "maxLength: " + maxLength + ", maxAge: " + maxAge + ", expected one of them");
      }
      if (maxLength != null && maxLength < 0) {
        throw new IllegalArgumentException("maxLength: " + maxLength + ", expected 0 or more");
      }
      if (maxAge != null && maxAge.isNegative()) {
        throw new IllegalArgumentException("maxAge: " + maxAge + ", expected zero or more");
      }
      if (most < 1 || most > MAX_TRIMMED) {
        throw new IllegalArgumentException("most: " + most + ", expected 1 to " + MAX_TRIMMED);
      }
    }
  }

  /**
   * What a trim has done.
   *
   * @param removed how many entries went
   * @param length how many are left
   * @param more whether asking again may remove more
   * @param heldBackBy the group that keeps more from going, for it has not read or not acknowledged
   *     it; null if none does
   */
  record Trimmed(long removed, long length, boolean more, @Nullable String heldBackBy) {}

  /**
   * Brings dead letters back to the group that gave them up, and to no other: in place where the
   * entry still stands (XCLAIM ... FORCE to {@link AtomicSteps#RELEASED}, where any worker may take
   * it at once), added again and marked where it is gone. Only then the dead letter is deleted.
   * Fails with {@code NOGROUP} if the stream or the group is gone.
   *
   * @return what became of each, in the order given
   */
  Mono<List<Redriven>> redrive(Redrive redrive);

  /**
   * Trims from the oldest on, but never an entry that a group has not read or has pending (XINFO
   * GROUPS, XPENDING and XTRIM MINID). Nothing goes where there is no group to ask, unless {@code
   * withoutGroups}. A stream that does not exist has nothing to trim.
   */
  Mono<Trimmed> trim(SafeTrim trim);

  /**
   * Removes a consumer that has tried nothing for {@code minIdle} and has nothing pending. Fails
   * with {@code NOGROUP} if the stream or the group is gone.
   *
   * @return whether it is gone: true too if there was none
   */
  Mono<Boolean> removeIdleConsumer(String stream, String group, String consumer, Duration minIdle);
}
