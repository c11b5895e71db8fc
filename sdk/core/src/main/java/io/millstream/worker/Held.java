package io.millstream.worker;

import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import org.jspecify.annotations.Nullable;

/**
 * An entry that this worker holds, from the moment it knows of it until its settlement is answered.
 */
final class Held {
  final EntryId id;

  /** The delivery count of its row. */
  long count;

  /**
   * While it is CLAIMED: its next delivery is counted already, by a read whose reply never came.
   */
  boolean counted;

  /** What it says; null while it need not be known. */
  @Nullable Fields fields;

  /** When its backoff ends, while it is WAITING. */
  long dueNanos;

  /** The handler call that it is part of, while it is RUNNING. */
  @Nullable Run run;

  /** Whether it is in {@link InFlight}, which alone writes this. */
  boolean held;

  /** Somebody else has it: nothing of ours counts any more. */
  boolean lost;

  /** It was deleted or trimmed while we held it: there is no lease to renew. */
  boolean gone;

  /** Its handler's time is up: it is renewed no more, whether the handler ends or not. */
  boolean abandoned;

  /** The guard has given leave to start its handler. */
  boolean admitted;

  /** When Redis was last asked for something that renewed its lease, and has done it. */
  long leasedNanos;

  private Phase phase;

  Held(EntryId id, long count, Phase phase, @Nullable Fields fields) {
    this.id = id;
    this.count = count;
    this.phase = phase;
    this.fields = fields;
  }

  /** The count to redeliver from: the one before the delivery that is to start. */
  long countBeforeNext() {
    return counted ? count - 1 : count;
  }

  Phase phase() {
    return phase;
  }

  /** Only for {@link InFlight#move}. */
  void enter(Phase next) {
    if (!phase.leadsTo(next)) {
      throw new IllegalStateException("entry " + id + " cannot go from " + phase + " to " + next);
    }
    phase = next;
  }
}
