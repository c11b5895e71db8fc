package io.millstream.test;

import io.millstream.codec.MessageStream;
import io.millstream.engine.Engine;
import io.millstream.test.Journal.WorkerEyes;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerBuilder;
import io.millstream.worker.WorkerEnvironment;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** One process of a world: a connection and workers, which can be killed. */
final class TestProcess {
  final MortalScheduler time;
  final Engine engine;
  private final World world;
  private final List<Worker> workers = new ArrayList<>();
  private boolean crashed;

  TestProcess(World world) {
    this.world = world;
    this.time = new MortalScheduler(world.time);
    this.engine = world.server.connect();
  }

  <T> WorkerBuilder<T> worker(MessageStream<T> stream, String group) {
    WorkerEyes eyes = world.journal.newWorker();
    WorkerEnvironment environment =
        new WorkerEnvironment(
            engine, time, time, () -> Schedulers.fromExecutor(time::schedule), eyes, world.random);
    return new WorkerBuilder<>(
        stream,
        group,
        environment,
        worker -> {
          eyes.named(worker.consumer());
          workers.add(worker);
        });
  }

  /** As SIGTERM. Completes at once if it was killed. */
  Mono<Void> stop() {
    if (crashed) {
      return Mono.empty();
    }
    Mono<Void> stopped =
        Flux.fromIterable(List.copyOf(workers)).flatMap(Worker::stop).then(engine.close()).cache();
    stopped.subscribe();
    return stopped;
  }

  /** As SIGKILL: nothing of it runs any more, and the server sees its connections end. */
  void crash() {
    crashed = true;
    time.kill();
    engine.close().subscribe();
  }
}
