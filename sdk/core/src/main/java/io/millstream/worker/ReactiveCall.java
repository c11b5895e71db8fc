package io.millstream.worker;

import io.millstream.worker.Settlement.Ending;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

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

  private static final VarHandle PROGRESS; // a field less than an AtomicReference for each message

  static {
    try {
      PROGRESS =
          MethodHandles.lookup().findVarHandle(ReactiveCall.class, "progress", Progress.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile Progress progress = Progress.QUEUED;

  /**
   * Calls the handler.
   *
   * @return its Mono, or null if there is nothing to wait for because {@link #end} was called
   */
  protected abstract @Nullable Mono<? extends V> call() throws Exception;

  /** Tells how it ended. Called once. */
  protected abstract void end(Ending ending);

  /** What the handler said by completing. */
  protected abstract void completed();

  @Override
  public final void run() {
    if (!PROGRESS.compareAndSet(this, Progress.QUEUED, Progress.CALLING)) {
      return;
    }
    Mono<? extends V> work;
    try {
      work = call();
    } catch (Throwable e) { // an Error of a handler is a failed delivery like any other
      progress = Progress.ENDED;
      end(new Ending.Failed(e));
      return;
    }
    if (work == null) {
      progress = Progress.ENDED;
    } else if (PROGRESS.compareAndSet(this, Progress.CALLING, Progress.SUBSCRIBED)) {
      work.subscribe(this);
    } else {
      end(new Ending.Cancelled());
    }
  }

  @Override
  public final void abort() {
    if (PROGRESS.compareAndSet(this, Progress.QUEUED, Progress.ENDED)) {
      end(new Ending.Cancelled());
    } else if (!PROGRESS.compareAndSet(this, Progress.CALLING, Progress.ABORTED)
        && progress == Progress.SUBSCRIBED) {
      cancel();
    }
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
