package io.millstream.admin;

import io.millstream.codec.MessageStream;
import io.millstream.engine.StreamCommands;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads dead letters. */
final class DeadLetterBox {
  private static final int PAGE = 100;

  private final StreamCommands streams;

  DeadLetterBox(StreamCommands streams) {
    this.streams = streams;
  }

  Mono<Long> count(MessageStream<?> stream, String group) {
    return streams.length(stream.deadLetterKey(group));
  }

  /** All up to and with an id, or {@code +}, oldest first. */
  Flux<DeadLetter> upTo(MessageStream<?> stream, String group, String end) {
    String key = stream.deadLetterKey(group);
    return Pages.of(PAGE, start -> streams.range(key, start, end, (long) PAGE), Entry::id)
        .map(DeadLetter::of);
  }

  Mono<DeadLetter> one(MessageStream<?> stream, String group, EntryId id) {
    String text = id.toString();
    return streams
        .range(stream.deadLetterKey(group), text, text, 1L)
        .flatMap(entries -> Mono.justOrEmpty(entries.stream().findFirst()))
        .map(DeadLetter::of);
  }

  /** The id of the newest, empty if there is none. */
  Mono<EntryId> newest(MessageStream<?> stream, String group) {
    return streams
        .reverseRange(stream.deadLetterKey(group), "+", "-", 1L)
        .flatMap(entries -> Mono.justOrEmpty(entries.stream().findFirst()))
        .map(Entry::id);
  }

  Mono<Long> delete(MessageStream<?> stream, String group, Collection<EntryId> ids) {
    String key = stream.deadLetterKey(group);
    return Flux.fromIterable(List.copyOf(ids))
        .buffer(PAGE)
        .concatMap(some -> streams.delete(key, some))
        .reduce(0L, Long::sum);
  }
}
