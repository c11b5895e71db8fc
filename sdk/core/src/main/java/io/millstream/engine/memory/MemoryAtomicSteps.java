package io.millstream.engine.memory;

import io.millstream.engine.AtomicSteps;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.util.List;
import reactor.core.publisher.Mono;

/** The atomic steps: each one critical section. */
final class MemoryAtomicSteps implements AtomicSteps {
  private final MemoryEngine engine;
  private final Server server;
  private final DeadLetters deadLetters;

  MemoryAtomicSteps(MemoryEngine engine, Server server) {
    this.engine = engine;
    this.server = server;
    this.deadLetters = new DeadLetters(engine.keyspace);
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
    if (place.stream().find(release.id()) == null) {
      place.group().remove(release.id());
      return Answer.GONE;
    }
    long now = server.now();
    place.group().give(row, place.group().seen(RELEASED, now));
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
