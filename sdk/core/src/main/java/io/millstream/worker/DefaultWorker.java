package io.millstream.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The façade of a worker: everything from outside goes through here to the loop. */
final class DefaultWorker implements Worker {
  private enum Asked {
    NOTHING,
    START,
    STOP
  }

  private final WorkerContext context;
  private final Lifecycle lifecycle;
  private final WorkerRuntime runtime;
  private final AtomicReference<Asked> asked = new AtomicReference<>(Asked.NOTHING);
  private volatile long changedNanos; // written by the loop

  DefaultWorker(WorkerContext context, Lifecycle lifecycle, WorkerRuntime runtime) {
    this.context = context;
    this.lifecycle = lifecycle;
    this.runtime = runtime;
    this.changedNanos = context.loop().nanos();
  }

  /** The state has changed. On the loop. */
  void changed() {
    changedNanos = context.loop().nanos();
  }

  @Override
  public Worker start() {
    if (asked.compareAndSet(Asked.NOTHING, Asked.START)) {
      lifecycle.starting();
      context.loop().execute(runtime::start);
    }
    return this;
  }

  @Override
  public String stream() {
    return context.stream();
  }

  @Override
  public String group() {
    return context.group();
  }

  @Override
  public String consumer() {
    return context.consumer();
  }

  @Override
  public WorkerState state() {
    return lifecycle.state();
  }

  @Override
  public Optional<String> trouble() {
    return lifecycle.trouble();
  }

  @Override
  public Duration inState() {
    return Duration.ofNanos(context.loop().nanos() - changedNanos);
  }

  @Override
  public Duration loopAge() {
    return context.loop().age();
  }

  @Override
  public Duration loopDelay() {
    return context.loop().delay();
  }

  @Override
  public WorkerLoad load() {
    return context.inFlight().load();
  }

  @Override
  public Mono<Void> whenRunning() {
    return lifecycle.whenRunning();
  }

  @Override
  public Mono<Void> whenStopped() {
    return lifecycle.whenStopped();
  }

  @Override
  public Mono<Void> pause() {
    Sinks.Empty<Void> paused = Sinks.empty();
    if (lifecycle.state().terminal()) {
      paused.tryEmitEmpty();
    } else {
      context.loop().execute(() -> runtime.pause(paused::tryEmitEmpty));
    }
    return Mono.firstWithSignal(paused.asMono(), lifecycle.whenStopped().onErrorComplete());
  }

  @Override
  public void resume() {
    context.loop().execute(runtime::resume);
  }

  @Override
  public Mono<Void> stop() {
    if (asked.getAndSet(Asked.STOP) != Asked.STOP && !lifecycle.state().terminal()) {
      context.loop().execute(runtime::stop);
    }
    return lifecycle.whenStopped().onErrorComplete();
  }

  @Override
  public void awaitStopped() {
    lifecycle.whenStopped().block();
  }

  @Override
  public void close() {
    stop().block();
  }

  @Override
  public String toString() {
    return "Worker[" + context.name() + ", " + state() + "]";
  }
}
