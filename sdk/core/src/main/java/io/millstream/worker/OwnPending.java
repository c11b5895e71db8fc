package io.millstream.worker;

import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.worker.Trouble.Duty;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for entries under our own name that nobody here knows of, by XPENDING: a read of the
 * history would count deliveries and hide it from the AOF. Takes in no more than there is room for.
 */
final class OwnPending {
  private static final int PAGE = 100;

  private final WorkerContext worker;
  private final Dispatcher dispatcher;
  private final Intake intake;
  private final Backoff backoff;
  private final List<Runnable> whenDone = new ArrayList<>();
  private String start = "-";
  private boolean asking;
  private boolean last;
  private boolean again;

  OwnPending(WorkerContext worker, Dispatcher dispatcher, Intake intake) {
    this.worker = worker;
    this.dispatcher = dispatcher;
    this.intake = intake;
    this.backoff = worker.backoff();
  }

  /** Whether a look is under way. */
  boolean looking() {
    return !whenDone.isEmpty();
  }

  /** Looks from the beginning; another look under way is followed by one more. */
  void look(Runnable done) {
    again = looking();
    whenDone.add(done);
    if (!again) {
      start = "-";
      pump();
    }
  }

  /** Looks for the last time: nothing of it will be started, so whatever there is is taken in. */
  void lookOnceMore(Runnable done) {
    last = true;
    look(done);
    pump();
  }

  /** Goes on when there is room again. */
  void pump() {
    int room = last ? PAGE : Math.min(PAGE, dispatcher.recoveryRoom());
    if (!looking() || asking || room < 1) {
      return;
    }
    asking = true;
    boolean sure = intake.sure();
    worker
        .loop()
        .ask(
            worker
                .groups()
                .pending(
                    worker.stream(),
                    worker.group(),
                    PendingArgs.of(worker.consumer(), start, "+", room)),
            rows -> {
              worker.succeeded(Duty.RECOVER, backoff);
              asking = false;
              intake.ours(rows, sure);
              page(rows, rows.size() < room);
            },
            error ->
                worker.tryAgain(
                    Duty.RECOVER,
                    error,
                    backoff,
                    () -> {
                      asking = false;
                      pump();
                    }));
  }

  private void page(List<PendingEntry> rows, boolean last) {
    if (!last) {
      start = "(" + rows.get(rows.size() - 1).id();
    } else if (again) {
      again = false;
      start = "-";
    } else {
      List<Runnable> done = List.copyOf(whenDone);
      whenDone.clear();
      done.forEach(Runnable::run);
      return;
    }
    pump();
  }
}
