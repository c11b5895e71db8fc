package io.millstream.worker;

import io.millstream.observe.Processing;
import io.millstream.observe.Scope;
import io.millstream.worker.Settlement.Ending;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.Context;

/**
 * One call of a handler that returns a Mono. Ends exactly once; what the handler does before it
 * returns its Mono is part of the call, so that an abort in the midst of that is heard only
 * afterwards.
 *
 * @param <V> what the Mono emits
 */
abstract class ReactiveCall<V> extends BaseSubscriber<V> implements Runnable, Invocation {
  private enum Progress {
    QUEUED,
    CALLING,
    ABORTED,
    SUBSCRIBED,
    ENDED
  }

  private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.QUEUED);
  private Context context = Context.empty(); // written before the handler's Mono is subscribed to

  /**
   * Calls the handler.
   *
   * @return its Mono, or null if there is nothing to wait for because {@link #end} was called
   */
  protected abstract @Nullable Mono<? extends V> call() throws Exception;

  /**
   * The trace that it belongs to. Called once, if it is called at all, just before {@link #call}.
   */
  protected abstract Processing processing();

  /** Tells how it ended. Called once. */
  protected abstract void end(Ending ending);

  /** What the handler said by completing. */
  protected abstract void completed();

  /** Hands the call to the threads for handlers. */
  void submit(Scheduler scheduler) {
    try {
      scheduler.schedule(this);
    } catch (RejectedExecutionException e) {
      abort();
    }
  }

  @Override
  public final void run() {
    if (!progress.compareAndSet(Progress.QUEUED, Progress.CALLING)) {
      return;
    }
    Processing processing = processing();
    context = processing.context();
    Scope trace = processing.open();
    try {
      begin();
    } finally {
      trace.close();
    }
  }

  private void begin() {
    Mono<? extends V> work;
    try {
      work = call();
    } catch (Throwable e) { // an Error of a handler is a failed delivery like any other
      progress.set(Progress.ENDED);
      end(new Ending.Failed(e));
      return;
    }
    if (work == null) {
      progress.set(Progress.ENDED);
    } else if (progress.compareAndSet(Progress.CALLING, Progress.SUBSCRIBED)) {
      work.subscribe(this);
    } else {
      end(new Ending.Cancelled());
    }
  }

  @Override
  public final void abort() {
    if (progress.compareAndSet(Progress.QUEUED, Progress.ENDED)) {
      end(new Ending.Cancelled());
    } else if (!progress.compareAndSet(Progress.CALLING, Progress.ABORTED)
        && progress.get() == Progress.SUBSCRIBED) {
      cancel();
    }
  }

  @Override
  public final Context currentContext() {
    return context;
  }

  @Override
  protected final void hookOnComplete() {
    completed();
  }

  @Override
  protected final void hookOnError(Throwable error) {
    end(new Ending.Failed(error));
  }

  @Override
  protected final void hookOnCancel() {
    end(new Ending.Cancelled());
  }
}
