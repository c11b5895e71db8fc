package io.millstream.worker;

import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All that the worker holds; nothing is held anywhere else. Confined to the loop, but for {@link
 * #load()}.
 */
final class InFlight {
  private final Map<EntryId, Held> all = new HashMap<>();
  private final Map<Phase, AtomicInteger> byPhase = new EnumMap<>(Phase.class);

  InFlight() {
    for (Phase phase : Phase.values()) {
      byPhase.put(phase, new AtomicInteger());
    }
  }

  /** What is held under this id, or null. */
  @Nullable Held get(EntryId id) {
    return all.get(id);
  }

  /** Whether this very thing is still held. */
  boolean holds(Held held) {
    return held.held;
  }

  /**
   * Begins to hold an entry.
   *
   * @param leasedNanos when Redis was asked for it
   */
  Held add(EntryId id, long count, Phase phase, @Nullable Fields fields, long leasedNanos) {
    Held held = new Held(id, count, phase, fields);
    held.leasedNanos = leasedNanos;
    if (all.putIfAbsent(id, held) != null) {
      throw new IllegalStateException("entry " + id + " is held already");
    }
    held.held = true;
    count(phase, 1);
    return held;
  }

  /** The one place where a phase changes. */
  void move(Held held, Phase next) {
    Phase before = held.phase();
    held.enter(next);
    count(before, -1);
    count(next, 1);
  }

  /** Lets go: its settlement was answered, or somebody else has it. */
  void remove(Held held) {
    if (held.held) {
      held.held = false;
      all.remove(held.id);
      count(held.phase(), -1);
    }
  }

  /** How many are in a phase. */
  int count(Phase phase) {
    return counter(phase).get();
  }

  int size() {
    return all.size();
  }

  Collection<Held> all() {
    return Collections.unmodifiableCollection(all.values());
  }

  /** A snapshot, from any thread. */
  WorkerLoad load() {
    return new WorkerLoad(
        count(Phase.RUNNING),
        count(Phase.READY) + count(Phase.CLAIMED) + count(Phase.REDELIVERING),
        count(Phase.WAITING),
        count(Phase.SETTLING) + count(Phase.RELEASING));
  }

  /** Only the loop writes, so it need not compare and set; others read what they see. */
  private void count(Phase phase, int more) {
    AtomicInteger counter = counter(phase);
    counter.setRelease(counter.getPlain() + more);
  }

  private AtomicInteger counter(Phase phase) {
    return Objects.requireNonNull(byPhase.get(phase));
  }
}
