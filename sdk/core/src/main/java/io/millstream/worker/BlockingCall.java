package io.millstream.worker;

import io.millstream.worker.Settlement.Ending;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** One call of a handler that may block. Ends exactly once, when the handler has really ended. */
abstract class BlockingCall implements Runnable, Invocation {
  private enum Progress {
    QUEUED,
    RUNNING,
    CANCELLED,
    ENDED
  }

  private final List<Delivery> deliveries;
  private final Consumer<List<Settlement>> ended;
  private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.QUEUED);
  private final Disposable.Swap task = Disposables.swap();

  BlockingCall(List<Delivery> deliveries, Consumer<List<Settlement>> ended) {
    this.deliveries = deliveries;
    this.ended = ended;
  }

  /** Calls the handler; never throws. One settlement for each delivery. */
  protected abstract List<Settlement> call();

  /** Hands the call to the threads for handlers that may block. */
  final void submit(Scheduler scheduler) {
    try {
      task.update(scheduler.schedule(this));
    } catch (RejectedExecutionException e) {
      abort();
    }
  }

  @Override
  public final void run() {
    if (!progress.compareAndSet(Progress.QUEUED, Progress.RUNNING)) {
      return;
    }
    List<Settlement> settlements = call();
    boolean cancelled = progress.getAndSet(Progress.ENDED) == Progress.CANCELLED;
    ended.accept(cancelled ? settlements.stream().map(this::cancelled).toList() : settlements);
  }

  /** What succeeded in spite of the cancellation has succeeded. */
  private Settlement cancelled(Settlement settlement) {
    return settlement.ending() instanceof Ending.Said
        ? settlement
        : new Settlement(settlement.id(), new Ending.Cancelled());
  }

  @Override
  public final void abort() {
    if (progress.compareAndSet(Progress.QUEUED, Progress.ENDED)) {
      task.dispose();
      ended.accept(
          deliveries.stream()
              .map(delivery -> new Settlement(delivery.id(), new Ending.Cancelled()))
              .toList());
    } else if (progress.compareAndSet(Progress.RUNNING, Progress.CANCELLED)) {
      task.dispose(); // interrupts
    }
  }
}
