package io.millstream.examples.fuzz;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names of XINFO whose values are not compared. */
final class Fields {
  /** Those that some versions have and others not. */
  static final Fields BY_VERSION =
      new Fields(
          Set.of(
              "entries-added",
              "recorded-first-entry-id",
              "max-deleted-entry-id",
              "inactive",
              "active-time",
              "idmp-duration",
              "idmp-maxsize",
              "pids-tracked",
              "iids-tracked",
              "iids-added",
              "iids-duplicates"));

  /** Those, and what a group has read. */
  static final Fields BY_VERSION_AND_LAG = BY_VERSION.and("lag", "entries-read");

  /** Those, and when a consumer was seen. */
  static final Fields BY_VERSION_LAG_AND_TIMES = BY_VERSION_AND_LAG.and("idle", "seen-time");

  private final Set<String> names;

  private Fields(Set<String> names) {
    this.names = Set.copyOf(names);
  }

  private Fields and(String... more) {
    Set<String> all = new HashSet<>(names);
    all.addAll(List.of(more));
    return new Fields(all);
  }

  /** The reply without these fields. */
  Value removedFrom(Value value) {
    if (!(value instanceof Value.Many many)) {
      return value;
    }
    List<Value> kept = new ArrayList<>();
    List<Value> elements = many.elements();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof Value.Bulk name && names.contains(name.text())) {
        i++;
      } else {
        kept.add(removedFrom(elements.get(i)));
      }
    }
    return new Value.Many(many.type(), kept);
  }

  /** The reply without consumers that have nothing pending, and without their number. */
  static Value withoutIdleConsumers(Value value) {
    if (!(value instanceof Value.Many many)) {
      return value;
    }
    List<Value> kept = new ArrayList<>();
    List<Value> elements = many.elements();
    for (int i = 0; i < elements.size(); i++) {
      boolean number =
          i > 0
              && elements.get(i - 1).equals(new Value.Bulk("consumers"))
              && elements.get(i) instanceof Value.Whole;
      if (!number && !isIdleConsumer(elements.get(i))) {
        kept.add(withoutIdleConsumers(elements.get(i)));
      }
    }
    return new Value.Many(many.type(), kept);
  }

  private static boolean isIdleConsumer(Value value) {
    if (!(value instanceof Value.Many many)) {
      return false;
    }
    boolean consumer = false;
    boolean nothing = false;
    for (int i = 0; i + 1 < many.elements().size(); i++) {
      Value name = many.elements().get(i);
      Value next = many.elements().get(i + 1);
      consumer |= name.equals(new Value.Bulk("seen-time")) || name.equals(new Value.Bulk("idle"));
      boolean counts =
          name.equals(new Value.Bulk("pel-count")) || name.equals(new Value.Bulk("pending"));
      nothing |= counts && next.equals(new Value.Whole(0));
    }
    return consumer && nothing;
  }

  /** Whether a word ends so. */
  static boolean hasEnding(List<String> words, String ending) {
    return words.stream().anyMatch(word -> word.endsWith(ending));
  }
}
