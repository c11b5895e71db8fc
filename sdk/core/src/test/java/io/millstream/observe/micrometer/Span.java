package io.millstream.observe.micrometer;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A span that ended, as any tracer tells it. */
record Span(
    String name,
    String trace,
    String id,
    @Nullable String parent,
    String kind,
    boolean failed,
    Map<String, String> tags) {

  String tag(String key) {
    return tags.getOrDefault(key, "");
  }
}
