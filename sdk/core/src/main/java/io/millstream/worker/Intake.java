package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.PendingEntry;
import io.millstream.entry.EntryId;
import java.util.List;

/**
 * Takes in entries that are pending under our name and that nobody here knows of: taken over by the
 * reaper, or left behind under our name.
 */
final class Intake {
  private final WorkerContext worker;
  private final Dispatcher dispatcher;
  private final DeadLetters deadLetters;
  private boolean sparing;
  private boolean claiming;

  Intake(WorkerContext worker, Dispatcher dispatcher, DeadLetters deadLetters) {
    this.worker = worker;
    this.dispatcher = dispatcher;
    this.deadLetters = deadLetters;
    this.sparing = worker.settings().membership().fixedName() == null;
  }

  /**
   * From now on a row at count 1 under our name may be one that was started: a started one lost its
   * lease and may come back, or the reply to a claim was lost.
   */
  void unsure() {
    sparing = false;
  }

  /** A claim is under way: what it takes is ours before it is known. */
  void claiming(boolean underWay) {
    claiming = underWay;
  }

  /**
   * Whether a row at count 1 under our name that is not known here can only come from a read whose
   * reply was lost.
   */
  boolean sure() {
    return sparing && !claiming;
  }

  /**
   * Rows that were taken over from others.
   *
   * @param asked when Redis was asked for them
   */
  void takenOver(List<AtomicSteps.Held> rows, long asked) {
    rows.forEach(row -> take(row.id(), row.count(), false, asked));
    dispatcher.pump();
  }

  /**
   * Rows found under our name.
   *
   * @param sure what {@link #sure()} was when they were asked for
   */
  void ours(List<PendingEntry> rows, boolean sure) {
    // count 1 under a name that nobody had before us, never started: its delivery is counted
    // already
    long now = worker.loop().nanos();
    rows.forEach(
        row ->
            take(
                row.id(),
                row.deliveries(),
                sure && sparing && row.deliveries() == 1,
                now - row.idle().toNanos()));
    dispatcher.pump();
  }

  private void take(EntryId id, long count, boolean counted, long leasedNanos) {
    if (worker.inFlight().get(id) != null) {
      return;
    }
    int most = worker.settings().retry().maxDeliveries();
    Held held = worker.inFlight().add(id, count, Phase.CLAIMED, null, leasedNanos);
    held.counted = counted;
    if (held.countBeforeNext() >= most) {
      deadLetters.add(
          held, "deliveries spent: " + held.count + ", and its last worker is gone", null);
    } else {
      dispatcher.recovered(held, !counted && held.count == most - 1);
    }
  }
}
