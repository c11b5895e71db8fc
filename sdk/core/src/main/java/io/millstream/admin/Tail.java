package io.millstream.admin;

import io.millstream.engine.StreamCommands;
import io.millstream.entry.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Follows a stream without a group. */
final class Tail {
  private static final long PAGE = 100;

  private final StreamCommands streams;
  private final String key;
  private final Scheduler time;

  Tail(StreamCommands streams, String key, Scheduler time) {
    this.streams = streams;
    this.key = key;
    this.time = time;
  }

  /** Entries that were read, and the bound behind the last entry that is known. */
  private record Seen(List<Entry> entries, String from) {
    Seen then(List<Entry> more) {
      return new Seen(more, more.isEmpty() ? from : "(" + more.get(more.size() - 1).id());
    }
  }

  Flux<Entry> latest(int count) {
    return end(count).flatMapIterable(Seen::entries);
  }

  Flux<Entry> follow(int last, Duration every) {
    return end(last)
        .expand(
            seen ->
                seen.entries().isEmpty() ? Mono.delay(every, time).then(next(seen)) : next(seen))
        .flatMapIterable(Seen::entries);
  }

  /** The end is found even if none of it is wanted. */
  private Mono<Seen> end(int wanted) {
    return streams
        .reverseRange(key, "+", "-", (long) Math.max(1, wanted))
        .map(
            newestFirst -> {
              List<Entry> entries = new ArrayList<>(newestFirst);
              Collections.reverse(entries);
              Seen seen = new Seen(List.of(), "-").then(List.copyOf(entries));
              return wanted > 0 ? seen : new Seen(List.of(), seen.from());
            });
  }

  private Mono<Seen> next(Seen seen) {
    return streams.range(key, seen.from(), "+", PAGE).map(seen::then);
  }
}
