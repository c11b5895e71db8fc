package io.millstream.engine;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The commands of a stream. Ids and ranges are given as Redis takes them ({@code *}, {@code -},
 * {@code +}, {@code (5-1}, {@code 5-*}).
 *
 * @since 0.1
 */
public interface StreamCommands {
  /** XADD with an id of the server's choice. */
  default Mono<EntryId> add(String key, Fields fields) {
    return add(key, fields, AddArgs.AUTO);
  }

  /** XADD. Empty if {@link AddArgs#noMkStream()} is set and there is no such key. */
  Mono<EntryId> add(String key, Fields fields, AddArgs args);

  /** XLEN: 0 if there is no such key. */
  Mono<Long> length(String key);

  /** XRANGE. Empty Mono (nil) if {@code count <= 0}; no limit if {@code count} is null. */
  Mono<List<Entry>> range(String key, String start, String end, @Nullable Long count);

  /** XREVRANGE, from {@code end} down to {@code start}. */
  Mono<List<Entry>> reverseRange(String key, String end, String start, @Nullable Long count);

  /** XDEL: how many were there. */
  Mono<Long> delete(String key, Collection<EntryId> ids);

  /** XTRIM: how many went. */
  Mono<Long> trim(String key, TrimArgs args);

  /** XINFO STREAM. {@code ERR no such key} if there is none. */
  Mono<StreamInfo> info(String key);
}
