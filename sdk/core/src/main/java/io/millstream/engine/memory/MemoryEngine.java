package io.millstream.engine.memory;

import io.millstream.engine.AdminSteps;
import io.millstream.engine.AtomicSteps;
import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.Engine;
import io.millstream.engine.GroupCommands;
import io.millstream.engine.Reader;
import io.millstream.engine.Signals;
import io.millstream.engine.StreamCommands;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * One process's engine on a database of a server. Its worker plays the part of the connection's
 * event loop.
 */
final class MemoryEngine implements Engine {
  final Keyspace keyspace;
  private final Server server;
  private final Scheduler.Worker worker;
  private final MemoryStreamCommands streams;
  private final MemoryGroupCommands groups;
  private final MemoryAtomicSteps steps;
  private final MemoryAdminSteps adminSteps;
  private final MemorySignals signals;
  private final Sinks.Many<ConnectionEvent> events = Sinks.many().multicast().directBestEffort();

  private final Set<MemoryReader> readers = new LinkedHashSet<>(); // guarded by the server's lock
  private boolean closed; // guarded by the server's lock

  MemoryEngine(Server server, Keyspace keyspace) {
    this.server = server;
    this.keyspace = keyspace;
    this.worker = server.scheduler.createWorker();
    this.streams = new MemoryStreamCommands(this, server);
    this.groups = new MemoryGroupCommands(this, server);
    this.steps = new MemoryAtomicSteps(this, server);
    this.adminSteps = new MemoryAdminSteps(this, server);
    this.signals = new MemorySignals(this, server);
  }

  @Override
  public StreamCommands streams() {
    return streams;
  }

  @Override
  public GroupCommands groups() {
    return groups;
  }

  @Override
  public AtomicSteps steps() {
    return steps;
  }

  @Override
  public AdminSteps adminSteps() {
    return adminSteps;
  }

  @Override
  public Signals signals() {
    return signals;
  }

  @Override
  public Mono<Reader> openReader() {
    return command(
        Called.named("openReader"),
        () -> {
          MemoryReader reader = new MemoryReader(this, server);
          readers.add(reader);
          return reader;
        });
  }

  @Override
  public Flux<ConnectionEvent> events() {
    return events.asFlux().onBackpressureBuffer();
  }

  @Override
  public Mono<Void> close() {
    return Mono.fromRunnable(() -> server.lock.run(this::closeOnce));
  }

  private void closeOnce() {
    if (closed) {
      return;
    }
    closed = true;
    loseReaders("the engine is closed");
    server.closed(this);
    server.lock.afterwards(
        () ->
            onWorker(
                () -> {
                  events.tryEmitComplete();
                  worker.dispose();
                }));
  }

  /** A command: sent when it is subscribed to, once for each subscription. */
  <T> Mono<T> command(Called called, Effect<T> effect) {
    return Mono.defer(() -> Mono.justOrEmpty(server.call(this, called, effect)));
  }

  /** The lock is held. */
  boolean closed() {
    return closed;
  }

  /** The lock is held. */
  void announce(ConnectionEvent event) {
    server.lock.afterwards(() -> onWorker(() -> events.tryEmitNext(event)));
  }

  /** The connections of all readers break. The lock is held. */
  void loseReaders(String why) {
    List.copyOf(readers).forEach(reader -> reader.lose(why));
  }

  /** The lock is held. */
  void forget(MemoryReader reader) {
    readers.remove(reader);
  }

  /**
   * Runs a task on the worker, or here if the scheduler does not work any more. No lock is held.
   */
  void onWorker(Runnable task) {
    try {
      worker.schedule(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  /** Runs a task on the worker in a while; never if the scheduler does not work any more. */
  Disposable onWorkerAfter(long millis, Runnable task) {
    try {
      return worker.schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return Disposables.disposed();
    }
  }
}
