package io.millstream.worker;

import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The state of a worker, for the world to see. Written by the loop alone, but for the first step.
 */
final class Lifecycle {
  private final Trouble trouble;
  private final Sinks.Empty<Void> running = Sinks.empty();
  private final Sinks.Empty<Void> stopped = Sinks.empty();
  private volatile WorkerState state = WorkerState.NEW;
  private volatile boolean saturated;
  private volatile Optional<String> failure = Optional.empty();

  Lifecycle(Trouble trouble) {
    this.trouble = trouble;
  }

  /** What it is doing, trouble and saturation considered. */
  WorkerState state() {
    WorkerState now = state;
    if ((now == WorkerState.STARTING || now == WorkerState.RUNNING) && trouble.line().isPresent()) {
      return WorkerState.BACKING_OFF;
    }
    return now == WorkerState.RUNNING && saturated ? WorkerState.SATURATED : now;
  }

  Optional<String> trouble() {
    return failure.isPresent() ? failure : trouble.line();
  }

  void saturated(boolean on) {
    saturated = on;
  }

  void starting() {
    state = WorkerState.STARTING;
  }

  void running() {
    state = WorkerState.RUNNING;
    running.tryEmitEmpty();
  }

  void stopping() {
    state = WorkerState.STOPPING;
  }

  void stopped() {
    state = WorkerState.STOPPED;
    running.tryEmitError(new IllegalStateException("the worker was stopped before it ran"));
    stopped.tryEmitEmpty();
  }

  void failed(String why) {
    failure = Optional.of(why);
    state = WorkerState.FAILED;
    running.tryEmitError(new IllegalStateException(why));
    stopped.tryEmitError(new IllegalStateException(why));
  }

  Mono<Void> whenRunning() {
    return running.asMono();
  }

  Mono<Void> whenStopped() {
    return stopped.asMono();
  }
}
