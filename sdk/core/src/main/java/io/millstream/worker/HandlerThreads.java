package io.millstream.worker;

import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** The threads that handlers run on. What was made for one worker goes with it. */
final class HandlerThreads implements Disposable {
  private final Scheduler reactive;
  private final Supplier<Scheduler> blocking;
  private final Disposable.Swap made = Disposables.swap();

  HandlerThreads(Scheduler reactive, Supplier<Scheduler> blocking) {
    this.reactive = reactive;
    this.blocking = blocking;
  }

  /** For calls on shared threads that must not be blocked. */
  Crew reactive() {
    return Crew.on(reactive);
  }

  /** Threads of this worker's own that may block. */
  Scheduler blocking() {
    Scheduler scheduler = blocking.get();
    made.update(scheduler);
    return scheduler;
  }

  @Override
  public void dispose() {
    made.dispose();
  }
}
