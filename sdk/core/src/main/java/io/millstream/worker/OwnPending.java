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
  private static final int MOST_TO_GIVE_BACK = 10_000;

  private final WorkerContext worker;
  private final Dispatcher dispatcher;
  private final Intake intake;
  private final Runnable found;
  private final List<Runnable> whenDone = new ArrayList<>();
  private String start = "-";
  private boolean asking;
  private int unbounded;
  private boolean again;

  /**
   * Nothing is looked for yet.
   *
   * @param found is told after each page
   */
  OwnPending(WorkerContext worker, Dispatcher dispatcher, Intake intake, Runnable found) {
    this.found = found;
    this.worker = worker;
    this.dispatcher = dispatcher;
    this.intake = intake;
  }

  /** Whether a look is under way. */
  boolean looking() {
    return !whenDone.isEmpty();
  }

  /** Looks from the beginning, as {@link #look(Runnable)} does, for whoever need not hear of it. */
  void look() {
    if (looking()) {
      again = true;
    } else {
      look(() -> {});
    }
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

  /**
   * Looks while nothing is started: what there is is taken in, to be given back, handlers free or
   * not. What would be too much for that stays pending under our name.
   */
  void lookOnceMore(Runnable done) {
    unbounded++;
    look(
        () -> {
          unbounded--;
          done.run();
        });
    pump();
  }

  /** Goes on when there is room again. */
  void pump() {
    int room = unbounded > 0 ? PAGE : Math.min(PAGE, dispatcher.recoveryRoom());
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
              worker.attempts().succeeded(Duty.RECOVER);
              asking = false;
              intake.ours(rows, sure);
              page(rows, rows.size() < room || tooMuch());
              found.run();
            },
            error -> {
              if (worker.attempts().nothingLeft(error)) {
                asking = false;
                page(List.of(), true);
              } else {
                worker
                    .attempts()
                    .failed(
                        Duty.RECOVER,
                        error,
                        () -> {
                          asking = false;
                          pump();
                        });
              }
            });
  }

  private boolean tooMuch() {
    return unbounded > 0 && worker.inFlight().count(Phase.CLAIMED) >= MOST_TO_GIVE_BACK;
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
