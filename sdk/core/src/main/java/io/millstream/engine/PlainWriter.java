package io.millstream.engine;

import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Of an engine without replicas, where nothing is lost that a replica could have kept. */
record PlainWriter(StreamCommands streams) implements Writer {
  @Override
  public Mono<EntryId> add(String key, Fields fields, AddArgs args) {
    return streams.add(key, fields, args);
  }

  @Override
  public Mono<Long> awaitReplicas(long replicas, Duration timeout) {
    return Mono.just(replicas);
  }

  @Override
  public Mono<Boolean> close() {
    return Mono.just(true);
  }
}
