package io.millstream.worker;

import io.millstream.codec.DecodeException;
import io.millstream.message.BlockingHandler;
import io.millstream.message.Outcome;
import io.millstream.worker.Settlement.Ending;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Calls a {@link BlockingHandler} for one message. */
final class BlockingInvoker<T> implements Invoker {
  private final MessageDecoder<T> decoder;
  private final BlockingHandler<T> handler;
  private final Scheduler scheduler;

  BlockingInvoker(MessageDecoder<T> decoder, BlockingHandler<T> handler, Scheduler scheduler) {
    this.decoder = decoder;
    this.handler = handler;
    this.scheduler = scheduler;
  }

  @Override
  public Invocation invoke(List<Delivery> batch, Consumer<List<Settlement>> ended) {
    Call call = new Call(batch.get(0), ended);
    try {
      call.task.update(scheduler.schedule(call));
    } catch (RejectedExecutionException e) {
      call.abort();
    }
    return call;
  }

  private enum Progress {
    QUEUED,
    RUNNING,
    CANCELLED,
    ENDED
  }

  private final class Call implements Runnable, Invocation {
    private final Delivery delivery;
    private final Consumer<List<Settlement>> ended;
    private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.QUEUED);
    final Disposable.Swap task = Disposables.swap();

    Call(Delivery delivery, Consumer<List<Settlement>> ended) {
      this.delivery = delivery;
      this.ended = ended;
    }

    @Override
    public void run() {
      if (!progress.compareAndSet(Progress.QUEUED, Progress.RUNNING)) {
        return;
      }
      Ending ending = decoder.surroundings().around(delivery, this::call);
      boolean cancelled = progress.getAndSet(Progress.ENDED) == Progress.CANCELLED;
      // what succeeded in spite of the cancellation has succeeded
      end(cancelled && !(ending instanceof Ending.Said) ? new Ending.Cancelled() : ending);
    }

    private Ending call() {
      try {
        handler.handle(decoder.decode(delivery));
        return new Ending.Said(Outcome.ack());
      } catch (DecodeException e) {
        return new Ending.NotDecodable(e);
      } catch (Throwable e) { // an Error of a handler is a failed delivery like any other
        return new Ending.Failed(e);
      }
    }

    @Override
    public void abort() {
      if (progress.compareAndSet(Progress.QUEUED, Progress.ENDED)) {
        task.dispose();
        end(new Ending.Cancelled());
      } else if (progress.compareAndSet(Progress.RUNNING, Progress.CANCELLED)) {
        task.dispose(); // interrupts
      }
    }

    private void end(Ending ending) {
      ended.accept(List.of(new Settlement(delivery.id(), ending)));
    }
  }
}
