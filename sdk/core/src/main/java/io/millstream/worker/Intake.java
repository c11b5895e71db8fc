package io.millstream.worker;

import io.millstream.engine.PendingEntry;
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
    this.sparing = worker.settings().fixedName() == null;
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

  /** Rows that were taken over from others. */
  void takenOver(List<PendingEntry> rows) {
    rows.forEach(row -> take(row, false));
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
    rows.forEach(row -> take(row, sure && sparing && row.deliveries() == 1));
    dispatcher.pump();
  }

  private void take(PendingEntry row, boolean counted) {
    if (worker.inFlight().get(row.id()) != null) {
      return;
    }
    int most = worker.settings().retry().maxDeliveries();
    Held held = worker.inFlight().add(row.id(), row.deliveries(), Phase.CLAIMED, null);
    held.counted = counted;
    if (held.countBeforeNext() >= most) {
      deadLetters.add(
          held, "deliveries spent: " + held.count + ", and its last worker is gone", null);
    } else {
      dispatcher.recovered(held, !counted && held.count == most - 1);
    }
  }
}
