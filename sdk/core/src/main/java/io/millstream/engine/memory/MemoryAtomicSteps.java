package io.millstream.engine.memory;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AutoClaimed;
import io.millstream.engine.ClaimArgs;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** The atomic steps: each one critical section. */
final class MemoryAtomicSteps implements AtomicSteps {
  private final MemoryEngine engine;
  private final Server server;
  private final DeadLetters deadLetters;
  private final Claims claims;
  private final PendingQueries queries;

  MemoryAtomicSteps(MemoryEngine engine, Server server) {
    this.engine = engine;
    this.server = server;
    this.deadLetters = new DeadLetters(engine.keyspace);
    this.claims = new Claims(engine.keyspace);
    this.queries = new PendingQueries(engine.keyspace);
  }

  @Override
  public Mono<List<Redelivered>> redeliver(
      String stream, String group, String consumer, long count, List<EntryId> ids) {
    return step(
        "redeliver", stream, group, ids, (place, id) -> redeliver(place, consumer, count, id));
  }

  private Redelivered redeliver(StreamGroup place, String consumer, long count, EntryId id) {
    PendingRow row = place.group().pending().get(id);
    if (row == null || !(row.isHeld(consumer, count) || row.isHeld(consumer, count + 1))) {
      return new Redelivered(id, notOurs(place, id), null);
    }
    Entry entry = place.stream().find(id);
    if (entry == null) {
      place.group().remove(id);
      return new Redelivered(id, Answer.GONE, null);
    }
    touch(place.group(), row, count + 1);
    return new Redelivered(id, Answer.DONE, entry);
  }

  @Override
  public Mono<List<Answer>> renew(String stream, String group, String consumer, List<Held> held) {
    return step("renew", stream, group, held, (place, one) -> renew(place, consumer, one));
  }

  private Answer renew(StreamGroup place, String consumer, Held held) {
    PendingRow row = place.group().pending().get(held.id());
    if (row == null || !row.isHeld(consumer, held.count())) {
      return notOurs(place, held.id());
    }
    if (place.stream().find(held.id()) == null) {
      place.group().remove(held.id());
      return Answer.GONE;
    }
    touch(place.group(), row, held.count());
    return Answer.DONE;
  }

  /** What XCLAIM by its own consumer does to a row. */
  private void touch(GroupData group, PendingRow row, long count) {
    long now = server.now();
    group.seen(row.consumer.name, now).activeAt = now;
    row.deliveredAt = now;
    row.count = count;
  }

  @Override
  public Mono<Answer> deadLetter(DeadLetter deadLetter) {
    return engine.command(
        "deadLetter",
        () -> {
          StreamGroup place = engine.keyspace.required(deadLetter.stream(), deadLetter.group());
          return deadLetter(place, deadLetter);
        });
  }

  private Answer deadLetter(StreamGroup place, DeadLetter letter) {
    EntryId id = letter.held().id();
    PendingRow row = place.group().pending().get(id);
    if (row != null && row.isHeld(letter.consumer(), letter.held().count())) {
      deadLetters.write(letter, place.stream().find(id), server.now());
      place.group().remove(id);
      return Answer.DONE;
    }
    if (!place.gone(id)) {
      return Answer.NOT_OURS;
    }
    if (!deadLetters.hasRecent(letter)) {
      deadLetters.write(letter, null, server.now());
    }
    return Answer.GONE;
  }

  @Override
  public Mono<List<Answer>> release(
      String stream, String group, String consumer, List<Release> releases) {
    return step("release", stream, group, releases, (place, one) -> release(place, consumer, one));
  }

  private Answer release(StreamGroup place, String consumer, Release release) {
    PendingRow row = place.group().pending().get(release.id());
    if (row != null && row.isHeld(RELEASED, release.newCount())) {
      return Answer.DONE;
    }
    if (row == null || !row.isHeld(consumer, release.count())) {
      return notOurs(place, release.id());
    }
    long now = server.now();
    ConsumerData parking = place.group().seen(RELEASED, now); // as by XCLAIM, whatever it finds
    if (place.stream().find(release.id()) == null) {
      place.group().remove(release.id());
      return Answer.GONE;
    }
    place.group().give(row, parking);
    touch(place.group(), row, release.newCount());
    row.deliveredAt = Claims.backdated(release.idle(), now);
    return Answer.DONE;
  }

  @Override
  public Mono<Boolean> removeConsumer(String stream, String group, String consumer) {
    return engine.command(
        "removeConsumer",
        () -> {
          GroupData data = engine.keyspace.required(stream, group).group();
          ConsumerData found = data.consumer(consumer);
          if (found != null && !found.pending.isEmpty()) {
            return false;
          }
          data.deleteConsumer(consumer);
          return true;
        });
  }

  @Override
  public Mono<TakenOver> takeOver(
      String stream,
      String group,
      String consumer,
      Duration minIdle,
      EntryId cursor,
      int count,
      Instant notAfter) {
    checkCount(count);
    return engine.command(
        "takeOver",
        () -> {
          long now = server.now();
          Instant time = Instant.ofEpochMilli(now);
          if (time.isAfter(notAfter)) {
            return new TakenOver(cursor, List.of(), time, true);
          }
          AutoClaimed<Entry> page =
              claims.autoClaim(stream, group, consumer, minIdle, cursor, (long) count, true, now);
          List<Held> taken = held(stream, group, page.claimed());
          return new TakenOver(page.cursor(), taken, time, false);
        });
  }

  @Override
  public Mono<List<Held>> takeReleased(
      String stream, String group, String consumer, Duration minIdle, int count) {
    checkCount(count);
    return engine.command(
        "takeReleased",
        () -> {
          long now = server.now();
          PendingArgs range = new PendingArgs(minIdle, "-", "+", count, RELEASED);
          List<EntryId> released =
              queries.rows(stream, group, range, now).stream().map(PendingEntry::id).toList();
          if (released.isEmpty()) {
            return List.of();
          }
          List<Entry> claimed =
              claims.claim(
                  stream, group, consumer, Duration.ZERO, released, ClaimArgs.NONE, true, now);
          return held(stream, group, claimed);
        });
  }

  private List<Held> held(String stream, String group, Collection<Entry> claimed) {
    var pending = engine.keyspace.required(stream, group).group().pending();
    return claimed.stream()
        .map(Entry::id)
        .map(id -> new Held(id, Objects.requireNonNull(pending.get(id)).count))
        .toList();
  }

  private static void checkCount(int count) {
    if (count < 1 || count > MAX_IDS) {
      throw new IllegalArgumentException("count: " + count + ", expected 1 to " + MAX_IDS);
    }
  }

  private static Answer notOurs(StreamGroup place, EntryId id) {
    return place.gone(id) ? Answer.GONE : Answer.NOT_OURS;
  }

  private interface OnOne<A, R> {
    R apply(StreamGroup place, A one);
  }

  private <A, R> Mono<List<R>> step(
      String name, String stream, String group, List<A> all, OnOne<A, R> onOne) {
    if (all.size() > MAX_IDS) {
      throw new IllegalArgumentException(
          name + ": " + all.size() + " entries, expected at most " + MAX_IDS);
    }
    if (all.isEmpty()) {
      return Mono.just(List.of());
    }
    return engine.command(
        name,
        () -> {
          StreamGroup place = engine.keyspace.required(stream, group);
          return all.stream().map(one -> onOne.apply(place, one)).toList();
        });
  }
}
