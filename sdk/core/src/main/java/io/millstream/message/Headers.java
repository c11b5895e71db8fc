package io.millstream.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Text that travels beside the payload. Names are case-sensitive; a name occurs once (of several
 * fields of one name in the entry, the last wins).
 *
 * <p>Names that start with {@value #RESERVED} are Millstream's own: a dead letter carries its story
 * in them, and publishing one is refused.
 *
 * @since 0.1
 */
public final class Headers {
  /** The start of the names that Millstream keeps for itself. */
  public static final String RESERVED = "millstream-";

  private static final Headers NONE = new Headers(Map.of());

  private final Map<String, String> values;

  private Headers(Map<String, String> values) {
    this.values = values;
  }

  /** No headers. */
  public static Headers none() {
    return NONE;
  }

  /** One header. */
  public static Headers of(String name, String value) {
    return NONE.with(name, value);
  }

  /** The given headers, in the map's order. */
  public static Headers of(Map<String, String> values) {
    return values.isEmpty() ? NONE : new Headers(new LinkedHashMap<>(values));
  }

  /** These headers and one more, which replaces one of the same name. */
  public Headers with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Headers(more);
  }

  /** The value of a header, or null. */
  public @Nullable String get(String name) {
    return values.get(name);
  }

  /** The names, in order. */
  public List<String> names() {
    return new ArrayList<>(values.keySet());
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** Calls the consumer for each header, in order. */
  public void forEach(BiConsumer<String, String> each) {
    values.forEach(each);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Headers headers && values.equals(headers.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** The names only. */
  @Override
  public String toString() {
    return "Headers" + values.keySet();
  }
}
