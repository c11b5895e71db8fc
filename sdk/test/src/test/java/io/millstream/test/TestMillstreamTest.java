package io.millstream.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millstream.codec.MessageStream;
import io.millstream.engine.PendingEntry;
import io.millstream.entry.EntryId;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

class TestMillstreamTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");

  @Test
  void everythingRunsOnTheTestsOwnThread() {
    List<Thread> threads = new ArrayList<>();
    try (TestMillstream millstream = TestMillstream.create()) {
      millstream
          .worker(JOBS, "blocking")
          .handleBlocking(m -> threads.add(Thread.currentThread()))
          .start();
      millstream
          .worker(JOBS, "reactive")
          .handle(
              m -> {
                threads.add(Thread.currentThread());
                return Mono.empty();
              })
          .start();
      millstream.publish(JOBS, "one");
      millstream.advance(Duration.ofSeconds(1));
    }

    assertThat(threads).hasSize(2).containsOnly(Thread.currentThread());
  }

  @Test
  void nothingHappensUnlessTimePasses() {
    List<String> handled = new ArrayList<>();
    try (TestMillstream millstream = TestMillstream.create()) {
      millstream
          .worker(JOBS, "workers")
          .handlerTimeout(Duration.ofHours(1))
          .handle(
              m ->
                  Mono.delay(Duration.ofMinutes(30), millstream.time())
                      .doOnNext(t -> handled.add(m.payload())))
          .start();
      millstream.publish(JOBS, "one");
      assertThat(handled).isEmpty();
      millstream.advance(Duration.ofMinutes(29));
      assertThat(handled).isEmpty();
      assertThat(millstream.pending(JOBS, "workers")).hasSize(1);
      millstream.advance(Duration.ofMinutes(2));

      assertThat(handled).containsExactly("one");
      assertThat(millstream.pending(JOBS, "workers")).isEmpty();
    }
  }

  @Test
  void publishesManyInOrderWithoutTimePassing() {
    try (TestMillstream millstream = TestMillstream.create()) {
      List<String> handled = new ArrayList<>();
      millstream.publisher(JOBS).publishAll(Flux.range(0, 1000).map(i -> "job-" + i)).subscribe();
      millstream
          .worker(JOBS, "workers")
          .concurrency(1)
          .handle(m -> Mono.fromRunnable(() -> handled.add(m.payload())))
          .start();
      millstream.advance(Duration.ofSeconds(1));

      assertThat(handled).hasSize(1000).startsWith("job-0", "job-1").endsWith("job-999");
    }
  }

  @Test
  void closingStopsItsWorkers() {
    Worker worker;
    try (TestMillstream millstream = TestMillstream.create()) {
      worker = millstream.worker(JOBS, "workers").handle(m -> Mono.never()).start();
      millstream.publish(JOBS, "one");
      millstream.advance(Duration.ofSeconds(1));
    }

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
  }

  @Test
  void closingTwiceIsTheSameAsOnce() {
    TestMillstream millstream = TestMillstream.create();
    millstream.worker(JOBS, "workers").handle(m -> Mono.empty()).start();
    millstream.close();
    millstream.close();

    assertThat(millstream.group(JOBS, "workers").pending()).isEmpty();
  }

  @Test
  void payloadsOfAStreamAreThereForWhoTestsAPublisher() {
    try (TestMillstream millstream = TestMillstream.create()) {
      assertThat(millstream.payloads(JOBS)).isEmpty();
      millstream.publisher(JOBS).publish("one").block();
      millstream.publisher(JOBS).publish("two").block();

      assertThat(millstream.payloads(JOBS)).containsExactly("one", "two");
    }
  }

  @Test
  void whatAProcessHeldWhenItCrashedIsTakenOverAfterItsVisibilityTimeout() {
    List<String> handled = new ArrayList<>();
    try (TestMillstream millstream = TestMillstream.create()) {
      TestMillstream doomed = millstream.anotherProcess();
      Worker first =
          doomed
              .worker(JOBS, "workers")
              .handle(
                  m ->
                      Mono.delay(Duration.ofSeconds(30), doomed.time())
                          .doOnNext(t -> handled.add("by the dead: " + m.payload())))
              .start();
      EntryId id = millstream.publish(JOBS, "one");
      millstream.advance(Duration.ofSeconds(1));
      doomed.crash();
      millstream
          .worker(JOBS, "workers")
          .handle(m -> Mono.fromRunnable(() -> handled.add(m.payload() + " " + m.delivery())))
          .start();
      millstream.advance(Duration.ofSeconds(58));

      assertThat(handled).as("before the visibility timeout").isEmpty();
      assertThat(millstream.group(JOBS, "workers").heldBy(first.consumer())).containsExactly(id);
      millstream.advance(Duration.ofSeconds(40));
      assertThat(handled).containsExactly("one 2");
      assertThat(millstream.group(JOBS, "workers").deliveries())
          .extracting(Delivery::number)
          .containsExactly(1L, 2L);
    }
  }

  @Test
  void nothingOfAProcessRunsAfterItsCrash() {
    List<String> ran = new ArrayList<>();
    try (TestMillstream millstream = TestMillstream.create()) {
      TestMillstream doomed = millstream.anotherProcess();
      Worker worker =
          doomed
              .worker(JOBS, "workers")
              .listener((w, before, now) -> ran.add("now " + now))
              .handle(m -> Mono.never())
              .start();
      millstream.advance(Duration.ofSeconds(1));
      doomed.time().schedule(() -> ran.add("scheduled"), 1, TimeUnit.SECONDS);
      Scheduler.Worker own = doomed.time().createWorker();
      own.schedule(() -> ran.add("scheduled"), 1, TimeUnit.SECONDS);
      ran.clear();
      doomed.crash();
      doomed.time().schedule(() -> ran.add("scheduled"));
      own.schedule(() -> ran.add("scheduled"));
      millstream.advance(Duration.ofMinutes(10));

      assertThat(ran).isEmpty();
      assertThat(worker.state()).as("as it was").isEqualTo(WorkerState.RUNNING);
    }
  }

  @Test
  void aProcessMayCrashInTheMiddleOfItsHandler() {
    List<String> handled = new ArrayList<>();
    try (TestMillstream millstream = TestMillstream.create()) {
      TestMillstream doomed = millstream.anotherProcess();
      doomed
          .worker(JOBS, "workers")
          .handleBlocking(
              m -> {
                handled.add("half");
                doomed.crash();
              })
          .start();
      millstream.publish(JOBS, "one");
      millstream.advance(Duration.ofMinutes(10));

      assertThat(handled).containsExactly("half");
      assertThat(millstream.pending(JOBS, "workers")).hasSize(1);
      doomed.close(); // what is dead cannot stop, and nobody waits for it
    }
  }

  @Test
  void anotherProcessIsStoppedByItselfOrWithTheFirst() {
    Worker own;
    Worker left;
    try (TestMillstream millstream = TestMillstream.create()) {
      try (TestMillstream other = millstream.anotherProcess()) {
        own = other.worker(JOBS, "workers").handle(m -> Mono.empty()).start();
      }
      assertThat(own.state()).isEqualTo(WorkerState.STOPPED);
      left = millstream.anotherProcess().worker(JOBS, "w").handle(m -> Mono.empty()).start();
      millstream.advance(Duration.ofSeconds(1));
      assertThat(left.state()).isEqualTo(WorkerState.RUNNING);
    }
    assertThat(left.state()).isEqualTo(WorkerState.STOPPED);
  }

  @Test
  void aConsumerThatIsGoneLeavesWhatItHeld() {
    try (TestMillstream millstream = TestMillstream.create()) {
      List<EntryId> ids = List.of(millstream.publish(JOBS, "one"), millstream.publish(JOBS, "two"));

      assertThat(millstream.crashHolding(JOBS, "workers", "gone", 1)).isEqualTo(ids.subList(0, 1));
      assertThat(millstream.crashHolding(JOBS, "workers", "too", 1)).isEqualTo(ids.subList(1, 2));
      assertThat(millstream.group(JOBS, "workers").heldBy("gone")).isEqualTo(ids.subList(0, 1));
      assertThatIllegalStateException()
          .isThrownBy(() -> millstream.crashHolding(JOBS, "workers", "gone", 1))
          .withMessage("crashHolding: 1 messages, but there were only 0");
    }
  }

  @Test
  void aGroupIsSeenThroughFaultsAndBrokenConnections() {
    try (TestMillstream millstream = TestMillstream.create()) {
      assertThat(millstream.group(JOBS, "workers").undelivered()).isEmpty();
      EntryId one = millstream.publish(JOBS, "one");
      EntryId two = millstream.publish(JOBS, "two");
      millstream.crashHolding(JOBS, "workers", "gone", 1);
      millstream.advance(Duration.ofMillis(1_500));
      millstream.faults().disconnect();
      GroupView<String> group = millstream.group(JOBS, "workers");

      assertThat(group.pending())
          .containsExactly(new PendingEntry(one, "gone", Duration.ofMillis(1_500), 1));
      assertThat(group.undelivered()).containsExactly(two);
      assertThat(group)
          .hasToString(
              """
        group 'workers' of stream 'jobs' at 2026-01-01T00:00:01.500Z
          pending: 1
            1767225600000-0 under gone, delivery count 1, idle for 1.5s
          undelivered: 1
            1767225600000-1
          dead letters: 0
          failed deliveries: 0\
        """);
      millstream.faults().connect();
    }
  }
}
