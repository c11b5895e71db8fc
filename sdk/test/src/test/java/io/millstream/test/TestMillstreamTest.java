package io.millstream.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.codec.MessageStream;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
}
