package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.memory.VirtualScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** What a worker tells of its own times. */
class WorkerTimesTest {
  private final World world = new World();

  @Test
  void theTimeInAStateStartsAnewWithEachState() {
    Worker worker = world.worker().handleBlocking(message -> {}).build();
    world.advanceSeconds(5);
    assertThat(worker.inState()).isEqualTo(Duration.ofSeconds(5));

    worker.start();
    world.advanceSeconds(3);

    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
    assertThat(worker.inState()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void anIdleLoopOwesNoAnswer() {
    Worker worker = world.worker().handleBlocking(message -> {}).start();
    world.advanceSeconds(1);
    assertThat(worker.loopDelay()).isZero();

    world.advanceSeconds(600);

    assertThat(worker.loopDelay()).isZero();
    assertThat(worker.loopAge()).isLessThan(Duration.ofSeconds(60));
  }

  @Test
  void aLoopThatHangsOwesAnAnswerUntilItTurns() {
    VirtualScheduler time = VirtualScheduler.create();
    Queue<Runnable> hanging = new ArrayDeque<>();
    Loop loop = new Loop(hangingOn(time, hanging));

    assertThat(loop.delay()).isZero();
    time.advance(Duration.ofSeconds(7));
    assertThat(loop.delay()).isEqualTo(Duration.ofSeconds(7));

    hanging.forEach(Runnable::run);

    assertThat(loop.delay()).isZero();
  }

  @Test
  void aLoopThatHasEndedOwesNothing() {
    VirtualScheduler time = VirtualScheduler.create();
    Loop loop = new Loop(hangingOn(time, new ArrayDeque<>()));
    assertThat(loop.delay()).isZero();
    loop.end();
    time.advance(Duration.ofSeconds(7));

    assertThat(loop.delay()).isZero();
  }

  private static Scheduler hangingOn(Scheduler time, Queue<Runnable> hanging) {
    return new Scheduler() {
      @Override
      public long now(TimeUnit unit) {
        return time.now(unit);
      }

      @Override
      public Disposable schedule(Runnable task) {
        hanging.add(task);
        return Disposables.single();
      }

      @Override
      public Scheduler.Worker createWorker() {
        return new Scheduler.Worker() {
          @Override
          public Disposable schedule(Runnable task) {
            hanging.add(task);
            return Disposables.single();
          }

          @Override
          public void dispose() {}
        };
      }
    };
  }
}
