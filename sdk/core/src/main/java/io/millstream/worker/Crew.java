package io.millstream.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Brings calls that do not block to the threads for them: one hand-off for all that start in the
 * same turn of the loop, for waking a thread costs more than most handlers do. Confined to the
 * loop.
 */
final class Crew {
  private final Scheduler threads;
  private final int size;
  private List<ReactiveCall<?>> gathered = new ArrayList<>();

  private Crew(Scheduler threads, int size) {
    this.threads = threads;
    this.size = size;
  }

  /** On threads that are not the loop's. */
  static Crew on(Scheduler threads) {
    return new Crew(threads, Schedulers.DEFAULT_POOL_SIZE);
  }

  /** On the loop itself, one call after the other, at each {@link #handOver}. */
  static Crew onLoop() {
    return new Crew(Schedulers.immediate(), 1);
  }

  /** Keeps a call until {@link #handOver}. */
  void add(ReactiveCall<?> call) {
    gathered.add(call);
  }

  /** Lets all run that was gathered. */
  void handOver() {
    if (gathered.isEmpty()) {
      return;
    }
    List<ReactiveCall<?>> calls = gathered;
    gathered = new ArrayList<>(calls.size());
    try {
      threads.schedule(new Shift(calls));
    } catch (RejectedExecutionException e) {
      calls.forEach(ReactiveCall::abort);
    }
  }

  /**
   * Calls that were handed over together. Whoever works on them takes the next one, so that a
   * handler that takes its time keeps no other waiting as long as a thread is free.
   */
  private final class Shift implements Runnable {
    private final List<ReactiveCall<?>> calls;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger workers = new AtomicInteger(1);

    Shift(List<ReactiveCall<?>> calls) {
      this.calls = calls;
    }

    @Override
    public void run() {
      int mine = next.getAndIncrement();
      if (mine + 1 < calls.size() && workers.incrementAndGet() <= size) {
        help();
      }
      for (; mine < calls.size(); mine = next.getAndIncrement()) {
        calls.get(mine).run();
      }
    }

    private void help() {
      try {
        threads.schedule(this);
      } catch (RejectedExecutionException e) {
        // then these calls are done here
      }
    }
  }
}
