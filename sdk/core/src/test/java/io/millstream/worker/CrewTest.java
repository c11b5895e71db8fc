package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.engine.memory.VirtualScheduler;
import io.millstream.worker.Settlement.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class CrewTest {
  private final ConcurrentLinkedQueue<Ending> endings = new ConcurrentLinkedQueue<>();

  private final class Call extends ReactiveCall<Void> {
    private final Runnable work;

    Call(Runnable work) {
      this.work = work;
    }

    @Override
    protected @Nullable Mono<Void> call() {
      work.run();
      return Mono.empty();
    }

    @Override
    protected void completed() {
      end(Ending.Said.ACK);
    }

    @Override
    protected void end(Ending ending) {
      endings.add(ending);
    }
  }

  @Test
  void startsNothingBeforeItIsHandedOverAndThenEverythingInOrder() {
    VirtualScheduler time = VirtualScheduler.create();
    List<Integer> ran = new ArrayList<>();
    Crew crew = Crew.on(time);
    crew.add(new Call(() -> ran.add(1)));
    crew.add(new Call(() -> ran.add(2)));
    time.advance(Duration.ofSeconds(1));
    assertThat(ran).isEmpty();

    crew.handOver();
    crew.handOver(); // nothing more
    time.advance(Duration.ofSeconds(1));
    assertThat(ran).containsExactly(1, 2);
    assertThat(endings).hasSize(2);
  }

  @Test
  void wakesNoMoreThreadsThanThereAreHoweverManyCallsStart() {
    AtomicInteger wakings = new AtomicInteger();
    Crew crew =
        Crew.on(
            Schedulers.fromExecutor(
                task -> {
                  wakings.incrementAndGet();
                  task.run();
                }));
    for (int i = 0; i < 10_000; i++) {
      crew.add(new Call(() -> {}));
    }
    crew.handOver();
    assertThat(endings).hasSize(10_000);
    assertThat(wakings.get()).isBetween(1, Schedulers.DEFAULT_POOL_SIZE);
  }

  @Test
  void aCallThatTakesItsTimeKeepsNoOtherWaitingWhileAThreadIsFree() throws Exception {
    Scheduler threads = Schedulers.newParallel("crew", 2, true);
    try {
      CountDownLatch othersDone = new CountDownLatch(20);
      AtomicInteger inTime = new AtomicInteger();
      Crew crew = Crew.on(threads);
      crew.add(
          new Call(
              () -> {
                try {
                  if (othersDone.await(10, TimeUnit.SECONDS)) {
                    inTime.incrementAndGet();
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
      for (int i = 0; i < 20; i++) {
        crew.add(new Call(othersDone::countDown));
      }
      crew.handOver();
      await().until(() -> endings.size() == 21);
      assertThat(inTime.get()).isEqualTo(1);
    } finally {
      threads.dispose();
    }
  }

  @Test
  void endsWhatNoThreadTakes() {
    Scheduler threads = Schedulers.newSingle("gone");
    threads.dispose();
    Crew crew = Crew.on(threads);
    crew.add(new Call(() -> {}));
    crew.handOver();
    assertThat(endings).hasSize(1).allMatch(Ending.Cancelled.class::isInstance);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callsHandlersOnTheLoopOnlyIfToldTo(boolean onLoop) {
    ConcurrentLinkedQueue<String> threads = new ConcurrentLinkedQueue<>();
    try (Millstream millstream = Millstream.inMemory()) {
      millstream
          .worker(World.JOBS, World.GROUP)
          .handleOnLoop(onLoop)
          .handle(
              message -> {
                threads.add(Thread.currentThread().getName());
                return Mono.delay(Duration.ofMillis(1)).then(); // ends elsewhere
              })
          .start();
      millstream
          .publisher(World.JOBS)
          .publishAll(Flux.range(0, 50).map(i -> "job-" + i))
          .blockLast();
      await().until(() -> threads.size() == 50);
    }
    assertThat(threads).allMatch(name -> name.startsWith("millstream-loop") == onLoop);
  }
}
