package io.millstream.worker;

import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * All that the worker holds; nothing is held anywhere else. Confined to the loop, but for {@link
 * #load()}.
 */
final class InFlight {
  private final Map<EntryId, Held> all = new HashMap<>();
  private final AtomicIntegerArray byPhase = new AtomicIntegerArray(Phase.values().length);

  /** What is held under this id, or null. */
  @Nullable Held get(EntryId id) {
    return all.get(id);
  }

  /** Whether this very thing is still held. */
  boolean holds(Held held) {
    return all.get(held.id) == held;
  }

  /** Begins to hold an entry. */
  Held add(EntryId id, long count, Phase phase, @Nullable Fields fields) {
    Held held = new Held(id, count, phase, fields);
    if (all.putIfAbsent(id, held) != null) {
      throw new IllegalStateException("entry " + id + " is held already");
    }
    byPhase.getAndIncrement(phase.ordinal());
    return held;
  }

  /** The one place where a phase changes. */
  void move(Held held, Phase next) {
    byPhase.getAndDecrement(held.phase().ordinal());
    try {
      held.enter(next);
    } finally {
      byPhase.getAndIncrement(held.phase().ordinal());
    }
  }

  /** Lets go: its settlement was answered, or somebody else has it. */
  void remove(Held held) {
    if (all.remove(held.id, held)) {
      byPhase.getAndDecrement(held.phase().ordinal());
    }
  }

  /** How many are in a phase. */
  int count(Phase phase) {
    return byPhase.get(phase.ordinal());
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
}
