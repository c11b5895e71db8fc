package io.millstream.engine.memory;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * A scheduler whose time moves only when it is told to: an hour passes in milliseconds, and every
 * run is the same as the one before.
 *
 * <p>Any thread may schedule, and scheduling never runs anything. Tasks run in {@link
 * #advance(Duration)} and {@link #runDue()} only, on the thread that calls them, in order of due
 * time and then of arrival. A task that throws does not stop the others: its error goes to
 * Reactor's {@code onErrorDropped} hook and is kept in {@link #errors()}.
 *
 * <p>{@code now(MILLISECONDS)} and coarser units are the wall clock: the start, {@link #START} by
 * default, plus the time that has passed. {@code now(NANOSECONDS)} and {@code now(MICROSECONDS)}
 * are the time that has passed: as with Reactor's own schedulers, another origin.
 *
 * @since 0.1
 */
public final class VirtualScheduler implements Scheduler {
  /** When time starts unless told otherwise: 2026-01-01T00:00:00Z. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final long startMillis;
  private final AtomicReference<@Nullable Thread> runner = new AtomicReference<>();
  private final ReentrantLock lock = new ReentrantLock();

  private final TreeSet<Task> tasks = new TreeSet<>(); // guarded by lock
  private final List<Throwable> errors = new ArrayList<>(); // guarded by lock
  private long elapsedNanos; // guarded by lock
  private long arrivals; // guarded by lock
  private boolean disposed; // guarded by lock

  private VirtualScheduler(Instant start) {
    this.startMillis = start.toEpochMilli();
  }

  /** A scheduler that starts at {@link #START}. */
  public static VirtualScheduler create() {
    return new VirtualScheduler(START);
  }

  /** A scheduler that starts at the given instant, to the millisecond. */
  public static VirtualScheduler startingAt(Instant start) {
    return new VirtualScheduler(start);
  }

  /**
   * Lets time pass, and runs on this thread what falls due meanwhile, tasks that these tasks
   * schedule included.
   *
   * @throws IllegalArgumentException if {@code time} is negative
   * @throws IllegalStateException if it is called from a task of this scheduler, or while another
   *     thread is in it
   */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("advance: " + time + ", expected zero or more");
    }
    Thread thread = Thread.currentThread();
    Thread other = runner.compareAndExchange(null, thread);
    if (other != null) {
      throw new IllegalStateException(
          other == thread
              ? "advance called from a task that advance runs: a task cannot move time"
              : "advance called while thread '" + other.getName() + "' is in it");
    }
    try {
      runUntil(after(time.toNanos()));
    } finally {
      runner.set(null);
    }
  }

  /** Runs on this thread what is due now; time stands still. As {@code advance(Duration.ZERO)}. */
  public void runDue() {
    advance(Duration.ZERO);
  }

  /** The errors that tasks have thrown so far, oldest first. */
  public List<Throwable> errors() {
    lock.lock();
    try {
      return List.copyOf(errors);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long now(TimeUnit unit) {
    long elapsed = after(0);
    return unit.compareTo(MILLISECONDS) >= 0
        ? unit.convert(startMillis + NANOSECONDS.toMillis(elapsed), MILLISECONDS)
        : unit.convert(elapsed, NANOSECONDS);
  }

  @Override
  public Disposable schedule(Runnable task) {
    return enqueue(task, 0, 0, null);
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    return enqueue(task, unit.toNanos(delay), 0, null);
  }

  /**
   * Runs a task again and again at a fixed rate.
   *
   * @throws IllegalArgumentException if {@code period} is not positive: time would never move on
   */
  @Override
  public Disposable schedulePeriodically(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    return enqueue(task, unit.toNanos(initialDelay), periodNanos(period, unit), null);
  }

  @Override
  public Worker createWorker() {
    return new VirtualWorker();
  }

  /** Drops every task; from now on scheduling is refused. Time can still be moved. */
  @Override
  public void dispose() {
    lock.lock();
    try {
      disposed = true;
      tasks.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isDisposed() {
    lock.lock();
    try {
      return disposed;
    } finally {
      lock.unlock();
    }
  }

  private long after(long nanos) {
    lock.lock();
    try {
      return Math.addExact(elapsedNanos, nanos);
    } finally {
      lock.unlock();
    }
  }

  private void runUntil(long target) {
    for (Task task = takeDue(target); task != null; task = takeDue(target)) {
      try {
        task.action.run();
      } catch (Throwable e) {
        Exceptions.throwIfJvmFatal(e);
        report(e);
      }
      requeue(task);
    }
  }

  private @Nullable Task takeDue(long target) {
    lock.lock();
    try {
      if (tasks.isEmpty() || tasks.first().due > target) {
        elapsedNanos = target;
        return null;
      }
      Task task = tasks.first();
      tasks.remove(task);
      elapsedNanos = Math.max(elapsedNanos, task.due);
      if (task.periodNanos == 0) {
        task.forget();
      }
      return task;
    } finally {
      lock.unlock();
    }
  }

  private void requeue(Task task) {
    lock.lock();
    try {
      if (task.periodNanos > 0 && !task.disposed && !disposed) {
        task.due += task.periodNanos;
        task.arrival = arrivals++;
        tasks.add(task);
      }
    } finally {
      lock.unlock();
    }
  }

  private void report(Throwable error) {
    lock.lock();
    try {
      errors.add(error);
    } finally {
      lock.unlock();
    }
    try {
      Operators.onErrorDropped(error, Context.empty());
    } catch (RuntimeException hook) {
      // The hook may rethrow what it is given; it must not stop the other tasks.
      if (hook != error && hook.getCause() != error) {
        error.addSuppressed(hook);
      }
    }
  }

  private static long periodNanos(long period, TimeUnit unit) {
    if (period <= 0) {
      throw new IllegalArgumentException("period: " + period + " " + unit + ", expected above 0");
    }
    return unit.toNanos(period);
  }

  private Task enqueue(
      Runnable action, long delayNanos, long periodNanos, @Nullable VirtualWorker worker) {
    lock.lock();
    try {
      if (disposed || (worker != null && worker.disposed)) {
        throw Exceptions.failWithRejected();
      }
      long due = elapsedNanos + Math.max(0, delayNanos);
      if (due < 0) {
        due = Long.MAX_VALUE;
      }
      Task task = new Task(Schedulers.onSchedule(action), due, arrivals++, periodNanos, worker);
      tasks.add(task);
      if (worker != null) {
        worker.own.add(task);
      }
      return task;
    } finally {
      lock.unlock();
    }
  }

  private final class Task implements Disposable, Comparable<Task> {
    final Runnable action;
    final long periodNanos; // 0 if it runs once
    final @Nullable VirtualWorker worker;
    long due; // guarded by lock, and constant while it is queued
    long arrival; // guarded by lock, and constant while it is queued
    boolean disposed; // guarded by lock

    Task(
        Runnable action, long due, long arrival, long periodNanos, @Nullable VirtualWorker worker) {
      this.action = action;
      this.due = due;
      this.arrival = arrival;
      this.periodNanos = periodNanos;
      this.worker = worker;
    }

    @Override
    public void dispose() {
      lock.lock();
      try {
        tasks.remove(this);
        forget();
      } finally {
        lock.unlock();
      }
    }

    void forget() { // holding lock
      disposed = true;
      if (worker != null) {
        worker.own.remove(this);
      }
    }

    @Override
    public boolean isDisposed() {
      lock.lock();
      try {
        return disposed;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int compareTo(Task other) {
      int byDue = Long.compare(due, other.due);
      return byDue != 0 ? byDue : Long.compare(arrival, other.arrival);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final class VirtualWorker implements Worker {
    final Set<Task> own = new HashSet<>(); // guarded by lock
    boolean disposed; // guarded by lock

    @Override
    public Disposable schedule(Runnable task) {
      return enqueue(task, 0, 0, this);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return enqueue(task, unit.toNanos(delay), 0, this);
    }

    @Override
    public Disposable schedulePeriodically(
        Runnable task, long initialDelay, long period, TimeUnit unit) {
      return enqueue(task, unit.toNanos(initialDelay), periodNanos(period, unit), this);
    }

    @Override
    public void dispose() {
      lock.lock();
      try {
        disposed = true;
        List.copyOf(own).forEach(Task::dispose);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean isDisposed() {
      lock.lock();
      try {
        return disposed;
      } finally {
        lock.unlock();
      }
    }
  }
}
