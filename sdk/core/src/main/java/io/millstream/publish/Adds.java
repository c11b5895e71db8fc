package io.millstream.publish;

import io.millstream.engine.AddArgs;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import reactor.core.publisher.Mono;

/** How entries are written. */
interface Adds {
  Mono<EntryId> add(String key, Fields fields, AddArgs args);
}
