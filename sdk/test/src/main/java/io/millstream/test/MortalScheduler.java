package io.millstream.test;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The time of one process: that of the world until the process is killed, from when on nothing of
 * it runs any more, nor does anything fail, as in a JVM that is gone.
 */
final class MortalScheduler implements Scheduler {
  private final Scheduler world;
  private boolean dead;

  MortalScheduler(Scheduler world) {
    this.world = world;
  }

  void kill() {
    dead = true;
  }

  private Runnable whileAlive(Runnable task) {
    return () -> {
      if (!dead) {
        task.run();
      }
    };
  }

  @Override
  public long now(TimeUnit unit) {
    return world.now(unit);
  }

  @Override
  public Disposable schedule(Runnable task) {
    return dead ? Disposables.disposed() : world.schedule(whileAlive(task));
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    return dead ? Disposables.disposed() : world.schedule(whileAlive(task), delay, unit);
  }

  @Override
  public Disposable schedulePeriodically(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    return dead
        ? Disposables.disposed()
        : world.schedulePeriodically(whileAlive(task), initialDelay, period, unit);
  }

  @Override
  public Worker createWorker() {
    return new MortalWorker(world.createWorker());
  }

  private final class MortalWorker implements Worker {
    private final Worker worker;

    MortalWorker(Worker worker) {
      this.worker = worker;
    }

    @Override
    public Disposable schedule(Runnable task) {
      return dead ? Disposables.disposed() : worker.schedule(whileAlive(task));
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return dead ? Disposables.disposed() : worker.schedule(whileAlive(task), delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(
        Runnable task, long initialDelay, long period, TimeUnit unit) {
      return dead
          ? Disposables.disposed()
          : worker.schedulePeriodically(whileAlive(task), initialDelay, period, unit);
    }

    @Override
    public void dispose() {
      worker.dispose();
    }

    @Override
    public boolean isDisposed() {
      return worker.isDisposed();
    }
  }
}
