package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Listeners that stop, pause and resume the worker they listen to. */
class ListenerInterferesTest {
  private final World world = new World();

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  private Worker start(BiConsumer<Worker, WorkerState> interferes) {
    return world
        .worker()
        .listener((worker, before, now) -> interferes.accept(worker, now))
        .handle(message -> Mono.empty())
        .start();
  }

  private void trouble() {
    world.advanceSeconds(1);
    world.server.faults().failNext("XREADGROUP", 2, World.busy());
    world.publish("one");
    world.advanceSeconds(60);
    world.server.faults().disconnect();
    world.advanceSeconds(3);
    world.server.faults().connect();
    world.advanceSeconds(60);
  }

  @Test
  void aListenerMayStopTheWorker() {
    Worker worker =
        start(
            (each, now) -> {
              if (now == WorkerState.BACKING_OFF) {
                each.stop().subscribe();
              }
            });
    trouble();

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
  }

  @Test
  void aListenerMayPauseTheWorker() {
    Worker worker =
        start(
            (each, now) -> {
              if (now == WorkerState.BACKING_OFF) {
                each.pause().subscribe();
              }
            });
    trouble();

    assertThat(worker.state()).isEqualTo(WorkerState.PAUSED);
  }

  @Test
  void aListenerMayPauseTheWorkerAndResumeItAsSoonAsItIsPaused() {
    Worker worker =
        start(
            (each, now) -> {
              if (now == WorkerState.BACKING_OFF) {
                each.pause().subscribe();
              } else if (now == WorkerState.PAUSED) {
                each.resume();
              }
            });
    trouble();

    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
    assertThat(world.pending()).isEmpty();
  }
}
