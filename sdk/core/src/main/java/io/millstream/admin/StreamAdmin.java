package io.millstream.admin;

import io.millstream.codec.MessageStream;
import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.Engine;
import io.millstream.engine.GroupInfo;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.RedisException;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What the person on call needs: how groups stand, who holds what and for how long, dead letters
 * and their way back, and trimming that loses nothing. Comes from {@code Millstream.admin()}; safe
 * for use by several threads; no state of its own.
 *
 * <p>Nothing is asked of Redis before it is subscribed to, and each subscription asks anew. Every
 * failure is a {@link RedisException}; where the stream or the group is gone, what is about a group
 * fails with {@code NOGROUP}. Signals come on a thread of the engine, which must never be blocked.
 *
 * @since 0.1
 */
public final class StreamAdmin {
  private static final int PAGE = 500;

  private final Engine engine;
  private final Scheduler time;
  private final DeadLetterBox box;
  private final Redriver redriver;
  private final Housekeeping housekeeping;

  /**
   * For {@code Millstream.admin}.
   *
   * @param engine Redis
   * @param time the clock of whatever waits
   */
  public StreamAdmin(Engine engine, Scheduler time) {
    this.engine = engine;
    this.time = time;
    this.box = new DeadLetterBox(engine.streams());
    this.redriver = new Redriver(engine, box, time);
    this.housekeeping = new Housekeeping(engine);
  }

  // --- how things stand

  /**
   * The groups of a stream, in the order of their names (XINFO GROUPS, XPENDING, and XLEN of their
   * dead letters); none if there is no such stream.
   */
  public Flux<GroupStatus> groups(MessageStream<?> stream) {
    return infos(stream).flatMapIterable(groups -> groups).concatMap(info -> status(stream, info));
  }

  private Mono<List<GroupInfo>> infos(MessageStream<?> stream) {
    return engine
        .groups()
        .infoGroups(stream.name())
        .onErrorResume(
            error -> error instanceof RedisException redis && redis.is("ERR"),
            // "no such key" has no code of its own; an empty stream answers XINFO
            error ->
                engine
                    .streams()
                    .length(stream.name())
                    .flatMap(length -> length == 0 ? Mono.just(List.of()) : Mono.error(error)));
  }

  private Mono<GroupStatus> status(MessageStream<?> stream, GroupInfo info) {
    Mono<List<PendingEntry>> oldest =
        info.pending() == 0
            ? Mono.just(List.of())
            : engine.groups().pending(stream.name(), info.name(), PendingArgs.all(1));
    return oldest
        .zipWith(box.count(stream, info.name()))
        .map(
            both ->
                new GroupStatus(
                    info.name(),
                    info.consumers(),
                    info.pending(),
                    info.lag(),
                    info.lastDeliveredId(),
                    both.getT1().isEmpty() ? null : both.getT1().get(0),
                    both.getT2()));
  }

  /** The consumers of a group (XINFO CONSUMERS). */
  public Flux<ConsumerInfo> consumers(MessageStream<?> stream, String group) {
    return engine.groups().infoConsumers(stream.name(), group).flatMapIterable(all -> all);
  }

  /** What is pending in a group, by whom and for how long, in the order of ids (XPENDING). */
  public Flux<PendingEntry> pending(MessageStream<?> stream, String group) {
    return pending(stream, group, Duration.ZERO, null);
  }

  /**
   * As {@link #pending(MessageStream, String)}, but only what is idle for at least {@code minIdle},
   * and under this consumer if one is given.
   */
  public Flux<PendingEntry> pending(
      MessageStream<?> stream, String group, Duration minIdle, @Nullable String consumer) {
    return Pages.of(
        PAGE,
        start ->
            engine
                .groups()
                .pending(
                    stream.name(),
                    group,
                    new PendingArgs(minIdle.isZero() ? null : minIdle, start, "+", PAGE, consumer)),
        PendingEntry::id);
  }

  /**
   * All that Redis knows of one message: the entry, how it stands with each group, and its dead
   * letters, for which all dead letters of each group are read through.
   */
  public Mono<EntryStory> story(MessageStream<?> stream, EntryId id) {
    String text = id.toString();
    return engine
        .streams()
        .range(stream.name(), text, text, 1L)
        .flatMap(
            found -> {
              Entry entry = found.isEmpty() ? null : found.get(0);
              return infos(stream)
                  .flatMapIterable(groups -> groups)
                  .concatMap(group -> inGroup(stream, group, id, entry != null))
                  .collectList()
                  .map(groups -> new EntryStory(id, entry, List.copyOf(groups)));
            });
  }

  private Mono<EntryStory.InGroup> inGroup(
      MessageStream<?> stream, GroupInfo group, EntryId id, boolean stands) {
    PendingArgs one = new PendingArgs(null, id.toString(), id.toString(), 1, null);
    return engine
        .groups()
        .pending(stream.name(), group.name(), one)
        .zipWith(
            deadLetters(stream, group.name())
                .filter(letter -> letter.story() != null && letter.story().id().equals(id))
                .collectList())
        .map(
            both -> {
              PendingEntry row = both.getT1().isEmpty() ? null : both.getT1().get(0);
              return new EntryStory.InGroup(
                  group.name(), state(group, id, stands, row), row, List.copyOf(both.getT2()));
            });
  }

  private static EntryStory.State state(
      GroupInfo group, EntryId id, boolean stands, @Nullable PendingEntry row) {
    if (row != null) {
      return EntryStory.State.PENDING;
    }
    if (!stands) {
      return EntryStory.State.GONE;
    }
    return id.compareTo(group.lastDeliveredId()) > 0
        ? EntryStory.State.UNREAD
        : EntryStory.State.SETTLED;
  }

  /**
   * The last entries of a stream, oldest first (XREVRANGE).
   *
   * @param count how many; 0 for none
   */
  public Flux<Entry> latest(MessageStream<?> stream, int count) {
    return new Tail(engine.streams(), stream.name(), time).latest(count);
  }

  /**
   * The last entries of a stream, oldest first, and then each new one, for ever. Belongs to no
   * group and takes nothing away from any (XREVRANGE, then XRANGE again and again).
   *
   * @param last how many of those that are there; 0 for none
   * @param every how long to wait before looking again
   */
  public Flux<Entry> tail(MessageStream<?> stream, int last, Duration every) {
    return new Tail(engine.streams(), stream.name(), time).follow(last, every);
  }

  // --- dead letters

  /**
   * The dead letters of a group, oldest first (XRANGE); filter them with the operators of {@code
   * Flux}. To consume them as messages, use {@link MessageStream#deadLetters}.
   */
  public Flux<DeadLetter> deadLetters(MessageStream<?> stream, String group) {
    return box.upTo(stream, group, "+");
  }

  /** One dead letter by its id in the dead-letter stream; empty if there is none. */
  public Mono<DeadLetter> deadLetter(MessageStream<?> stream, String group, EntryId id) {
    return box.one(stream, group, id);
  }

  /**
   * Deletes dead letters for good (XDEL).
   *
   * @param ids their ids in the dead-letter stream
   * @return how many were there
   */
  public Mono<Long> deleteDeadLetters(
      MessageStream<?> stream, String group, Collection<EntryId> ids) {
    return box.delete(stream, group, ids);
  }

  /**
   * Brings dead letters back to the group that gave them up, without disturbing other groups. Each
   * starts with all its deliveries again.
   *
   * <p>Where the entry still stands it becomes pending again in place, and the next worker takes
   * it: at once with {@code nudge(true)}, otherwise in its next round, within 15 s. Where it was
   * trimmed or deleted, it is added again with a new id, marked for its group: Millstream's workers
   * of other groups skip it, <b>other programs that read the stream do not know and see it
   * again</b>. What the group will read anyway, or has pending already, is only struck off the dead
   * letters.
   *
   * <p>In steps of at most 100 letters, each of them atomic and repeatable: it may be interrupted
   * at any point and run again.
   *
   * @return the progress, first with nothing done, then after each step; the last is the result
   */
  public Flux<RedriveProgress> redrive(MessageStream<?> stream, String group, Redrive redrive) {
    return redriver.run(stream, group, redrive);
  }

  // --- housekeeping

  /**
   * Trims a stream from the oldest on, but never an entry that some group has not read or has
   * pending, unless that group is ignored by name. A stream that no group reads is left alone. In
   * steps of at most 1,000 entries, each of them atomic.
   *
   * @return the progress after each step; the last is the result
   */
  public Flux<TrimProgress> trim(MessageStream<?> stream, TrimLimit limit) {
    return housekeeping.trim(stream.name(), limit, false);
  }

  /**
   * Trims the dead letters of a group as {@link #trim} does, whether somebody consumes them or not:
   * <b>the oldest ones are lost for good</b>, but for what a group that consumes them still needs.
   *
   * @return the progress after each step; the last is the result
   */
  public Flux<TrimProgress> trimDeadLetters(
      MessageStream<?> stream, String group, TrimLimit limit) {
    return housekeeping.trim(stream.deadLetterKey(group), limit, true);
  }

  /**
   * Removes the consumers of a group that have tried nothing for so long and have nothing pending,
   * such as those of processes that were killed. A worker whose consumer is removed while it is
   * paused comes back with its next read.
   *
   * @param idle at least 2 minutes; longer than anybody pauses is better
   * @return the names of those that are gone
   * @throws IllegalArgumentException if {@code idle} is shorter
   */
  public Mono<List<String>> removeGoneConsumers(
      MessageStream<?> stream, String group, Duration idle) {
    return housekeeping.removeGoneConsumers(stream.name(), group, idle);
  }
}
