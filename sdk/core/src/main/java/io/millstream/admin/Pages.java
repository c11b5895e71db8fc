package io.millstream.admin;

import io.millstream.entry.EntryId;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Walks through what Redis answers page by page, in the order of ids. */
final class Pages {
  private Pages() {}

  /**
   * All elements, each page asked for when the one before was taken.
   *
   * @param size how many a full page has; one with fewer is the last
   * @param page the page that begins at a bound as XRANGE and XPENDING take it
   * @param id an element's id
   */
  static <T> Flux<T> of(int size, Function<String, Mono<List<T>>> page, Function<T, EntryId> id) {
    return page.apply("-")
        .expand(
            full ->
                full.size() < size
                    ? Mono.empty()
                    : page.apply("(" + id.apply(full.get(full.size() - 1))))
        .flatMapIterable(elements -> elements, 1);
  }
}
