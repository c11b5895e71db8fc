package io.millstream.worker;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The state of a worker, for the world to see. Written by the loop alone, but for the first step.
 */
final class Lifecycle {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** Hears of changes, on the loop. */
  @FunctionalInterface
  interface Changes {
    void changed(WorkerState before, WorkerState now);
  }

  private final Trouble trouble;
  private final Sinks.Empty<Void> running = Sinks.empty();
  private final Sinks.Empty<Void> stopped = Sinks.empty();
  private volatile WorkerState state = WorkerState.NEW; // written under the lock
  private volatile boolean saturated;
  private volatile Optional<String> paused = Optional.empty();
  private volatile Optional<String> failure = Optional.empty();
  private WorkerState told = WorkerState.NEW;
  private Changes changes = (before, now) -> {};

  Lifecycle(Trouble trouble) {
    this.trouble = trouble;
  }

  /** Before anything changes. */
  void listen(Changes hears) {
    changes = hears;
  }

  /** What it is doing, trouble, pause and saturation considered. */
  WorkerState state() {
    WorkerState now = state;
    if (now != WorkerState.STARTING && now != WorkerState.RUNNING) {
      return now;
    }
    if (trouble.line().isPresent()) {
      return WorkerState.BACKING_OFF;
    }
    if (now == WorkerState.RUNNING && paused.isPresent()) {
      return WorkerState.PAUSED;
    }
    return now == WorkerState.RUNNING && saturated ? WorkerState.SATURATED : now;
  }

  Optional<String> trouble() {
    return failure.or(trouble::line).or(() -> paused);
  }

  /** Tells of a change, if there was one. */
  void refresh() {
    WorkerState before = told;
    WorkerState now = state();
    if (before == now) {
      return;
    }
    told = now;
    try {
      changes.changed(before, now);
    } catch (RuntimeException e) {
      log.error("a listener failed at the change from {} to {}", before, now, e);
    }
  }

  void saturated(boolean on) {
    saturated = on;
    refresh();
  }

  /** Why it is paused, or nothing if it is not. */
  void paused(Optional<String> why) {
    paused = why;
    refresh();
  }

  /** The one step that is not the loop's. */
  synchronized void starting() {
    if (state == WorkerState.NEW) { // a stop may have been quicker
      state = WorkerState.STARTING;
    }
  }

  private synchronized void become(WorkerState next) {
    state = next;
  }

  void running() {
    become(WorkerState.RUNNING);
    refresh();
    running.tryEmitEmpty();
  }

  void stopping() {
    become(WorkerState.STOPPING);
    refresh();
  }

  void stopped() {
    become(WorkerState.STOPPED);
    refresh();
    running.tryEmitError(new IllegalStateException("the worker was stopped before it ran"));
    stopped.tryEmitEmpty();
  }

  void failed(String why) {
    failure = Optional.of(why);
    become(WorkerState.FAILED);
    refresh();
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
