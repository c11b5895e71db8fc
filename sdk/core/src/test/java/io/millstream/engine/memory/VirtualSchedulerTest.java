package io.millstream.engine.memory;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class VirtualSchedulerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualScheduler time = VirtualScheduler.create();
  private final List<String> ran = new ArrayList<>();

  @AfterEach
  void resetHooks() {
    Hooks.resetOnErrorDropped();
  }

  private Runnable task(String name) {
    return () -> ran.add(name);
  }

  @Test
  void startsAtAFixedInstantAndMovesOnlyWhenAdvanced() {
    assertThat(time.now(MILLISECONDS)).isEqualTo(VirtualScheduler.START.toEpochMilli());
    time.advance(Duration.ofMillis(1500));
    assertThat(time.now(MILLISECONDS)).isEqualTo(VirtualScheduler.START.toEpochMilli() + 1500);
    assertThat(time.now(SECONDS)).isEqualTo(VirtualScheduler.START.getEpochSecond() + 1);
    Instant start = Instant.ofEpochMilli(7);
    assertThat(VirtualScheduler.startingAt(start).now(MILLISECONDS)).isEqualTo(7);
  }

  @Test
  void nanosecondsHaveAnotherOriginThanTheWallClock() {
    assertThat(time.now(NANOSECONDS)).isZero();
    time.advance(Duration.ofNanos(1_500_001));
    assertThat(time.now(NANOSECONDS)).isEqualTo(1_500_001);
    assertThat(time.now(MILLISECONDS)).isEqualTo(VirtualScheduler.START.toEpochMilli() + 1);
  }

  @Test
  void runsNothingUntilAdvanced() {
    time.schedule(task("now"));
    time.createWorker().schedule(task("worker"));
    assertThat(ran).isEmpty();
    time.runDue();
    assertThat(ran).containsExactly("now", "worker");
  }

  @Test
  void runsInOrderOfDueTimeAndThenOfArrival() {
    time.schedule(task("late"), 3, SECONDS);
    time.schedule(task("first of two"), 2, SECONDS);
    time.createWorker().schedule(task("second of two"), 2, SECONDS);
    time.schedule(task("early"), 1, SECONDS);
    time.advance(Duration.ofSeconds(3));
    assertThat(ran).containsExactly("early", "first of two", "second of two", "late");
  }

  @Test
  void aTaskForNowDoesNotJumpAheadOfOneThatIsDueAlready() {
    time.schedule(
        () -> {
          ran.add("a");
          time.schedule(task("for now"));
        },
        1,
        SECONDS);
    time.schedule(task("b"), 1, SECONDS);
    time.advance(SECOND);
    assertThat(ran).containsExactly("a", "b", "for now");
  }

  @Test
  void runsOnlyWhatIsDueAndShowsTheTimeItIsDueAt() {
    time.schedule(() -> ran.add("at " + time.now(NANOSECONDS)), 400, MILLISECONDS);
    time.schedule(task("later"), 1001, MILLISECONDS);
    time.advance(SECOND);
    assertThat(ran).containsExactly("at 400000000");
    assertThat(time.now(NANOSECONDS)).isEqualTo(SECOND.toNanos());
    time.advance(Duration.ofMillis(1));
    assertThat(ran).hasSize(2);
  }

  @Test
  void runsWhatTasksScheduleWithinTheSameAdvance() {
    time.schedule(() -> time.schedule(task("chained"), 1, SECONDS), 1, SECONDS);
    time.advance(Duration.ofSeconds(2));
    assertThat(ran).containsExactly("chained");
  }

  @Test
  void otherThreadsOnlyEnqueue() throws Exception {
    CompletableFuture<Thread> ranOn = new CompletableFuture<>();
    Thread other = new Thread(() -> time.schedule(() -> ranOn.complete(Thread.currentThread())));
    other.start();
    other.join();
    assertThat(ranOn).isNotDone();
    time.runDue();
    assertThat(ranOn).isCompletedWithValue(Thread.currentThread());
  }

  @Test
  void aThrowingTaskStopsNothingAndIsRemembered() {
    List<Throwable> dropped = new ArrayList<>();
    Hooks.onErrorDropped(dropped::add);
    RuntimeException error = new RuntimeException("task");
    AssertionError another = new AssertionError("other");
    time.schedule(
        () -> {
          throw error;
        });
    time.schedule(
        () -> {
          throw another;
        });
    time.schedule(task("next"));
    time.runDue();
    assertThat(ran).containsExactly("next");
    assertThat(time.errors()).containsExactly(error, another);
    assertThat(dropped).containsExactly(error, another);
  }

  @Test
  void aHookThatThrowsStopsNothing() {
    Hooks.onErrorDropped(
        dropped -> {
          throw new IllegalStateException("hook");
        });
    time.schedule(
        () -> {
          throw new RuntimeException("task");
        });
    time.schedule(task("next"));
    time.runDue();
    assertThat(ran).containsExactly("next");
    assertThat(time.errors()).hasSize(1);
  }

  @Test
  void aThrowingPeriodicTaskRunsAgain() {
    Hooks.onErrorDropped(error -> {});
    time.schedulePeriodically(
        () -> {
          ran.add("tick");
          throw new RuntimeException("tick");
        },
        0,
        1,
        SECONDS);
    time.advance(Duration.ofSeconds(2));
    assertThat(ran).containsExactly("tick", "tick", "tick");
  }

  @Test
  void periodicTasksRunAtAFixedRateUntilDisposed() {
    Disposable periodic =
        time.schedulePeriodically(() -> ran.add("" + time.now(NANOSECONDS)), 5, 10, NANOSECONDS);
    time.advance(Duration.ofNanos(26));
    assertThat(ran).containsExactly("5", "15", "25");
    periodic.dispose();
    assertThat(periodic.isDisposed()).isTrue();
    time.advance(SECOND);
    assertThat(ran).hasSize(3);
  }

  @Test
  void aPeriodicTaskMayDisposeItself() {
    Disposable.Swap self = Disposables.swap();
    self.update(
        time.schedulePeriodically(
            () -> {
              ran.add("once");
              self.dispose();
            },
            1,
            1,
            SECONDS));
    time.advance(Duration.ofMinutes(1));
    assertThat(ran).containsExactly("once");
  }

  @Test
  void refusesAPeriodThatWouldNeverLetTimeMoveOn() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.schedulePeriodically(task("endless"), 0, 0, SECONDS))
        .withMessageContaining("period: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> time.createWorker().schedulePeriodically(task("x"), 0, -1, SECONDS));
  }

  @Test
  void disposedTasksDoNotRun() {
    Disposable task = time.schedule(task("disposed"), 1, SECONDS);
    assertThat(task.isDisposed()).isFalse();
    task.dispose();
    assertThat(task.isDisposed()).isTrue();
    time.advance(SECOND);
    assertThat(ran).isEmpty();
  }

  @Test
  void aTaskThatRanIsDisposed() {
    Disposable task = time.schedule(task("ran"));
    time.runDue();
    assertThat(task.isDisposed()).isTrue();
  }

  @Test
  void aDisposedWorkerDropsItsTasksAndRefusesMoreButLeavesOthersAlone() {
    Scheduler.Worker worker = time.createWorker();
    worker.schedule(task("dropped"));
    worker.schedulePeriodically(task("dropped too"), 1, 1, SECONDS);
    Scheduler.Worker other = time.createWorker();
    other.schedule(task("kept"));
    worker.dispose();
    assertThat(worker.isDisposed()).isTrue();
    time.advance(Duration.ofSeconds(5));
    assertThat(ran).containsExactly("kept");
    assertThatThrownBy(() -> worker.schedule(task("refused")))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void aDisposedSchedulerDropsItsTasksAndRefusesMore() {
    time.schedule(task("dropped"));
    time.dispose();
    assertThat(time.isDisposed()).isTrue();
    time.advance(SECOND);
    assertThat(ran).isEmpty();
    assertThatThrownBy(() -> time.schedule(task("refused")))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> time.createWorker().schedule(task("refused")))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void refusesToAdvanceFromATaskAndGoesOn() {
    Hooks.onErrorDropped(error -> {});
    time.schedule(() -> time.advance(SECOND));
    time.schedule(task("next"));
    time.runDue();
    assertThat(time.errors())
        .singleElement()
        .isInstanceOf(IllegalStateException.class)
        .extracting(Throwable::getMessage)
        .asString()
        .contains("a task cannot move time");
    assertThat(ran).containsExactly("next");
    time.advance(SECOND);
    assertThat(time.now(NANOSECONDS)).isEqualTo(SECOND.toNanos());
  }

  @Test
  void refusesToAdvanceWhileAnotherThreadDoes() throws Exception {
    CountDownLatch inTask = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    time.schedule(
        () -> {
          inTask.countDown();
          try {
            leave.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Thread other = new Thread(time::runDue, "the other");
    other.start();
    inTask.await();
    assertThatIllegalStateException()
        .isThrownBy(time::runDue)
        .withMessageContaining("while thread 'the other' is in it");
    leave.countDown();
    other.join();
    time.runDue();
  }

  @Test
  void refusesToGoBack() {
    assertThatIllegalArgumentException().isThrownBy(() -> time.advance(Duration.ofNanos(-1)));
  }

  @Test
  void appliesTheHooksThatReactorsOwnSchedulersApply() {
    Schedulers.onScheduleHook(
        "test",
        task ->
            () -> {
              ran.add("hook");
              task.run();
            });
    try {
      time.schedule(task("task"));
    } finally {
      Schedulers.resetOnScheduleHook("test");
    }
    time.runDue();
    assertThat(ran).containsExactly("hook", "task");
  }

  @Test
  void anHourOfReactorOperatorsIsTheSameEveryTime() {
    assertThat(hour()).isEqualTo(hour()).hasSizeGreaterThan(3_000);
  }

  private static List<String> hour() {
    VirtualScheduler time = VirtualScheduler.create();
    List<String> seen = new ArrayList<>();
    Flux.interval(Duration.ofSeconds(1), time)
        .publishOn(time)
        .flatMap(i -> Mono.just("v" + i).delayElement(Duration.ofMillis(i % 7 * 300), time))
        .bufferTimeout(3, Duration.ofMillis(1500), time)
        .map(batch -> time.now(MILLISECONDS) + " " + batch)
        .subscribe(seen::add);
    Flux.interval(Duration.ofSeconds(2), time).map(i -> "tick " + i).subscribe(seen::add);
    time.advance(Duration.of(1, HOURS.toChronoUnit()));
    assertThat(time.errors()).isEmpty();
    return seen.stream().toList();
  }
}
