package io.millstream.spring.autoconfigure;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** A listener of the application, with the worker that it has at a time. */
final class Listener {
  private final String id;
  private final Millstream millstream;
  private final MessageStream<?> stream;
  private final boolean autoStartup;
  private final Supplier<Worker> builder;
  private Worker worker; // guarded by this

  /**
   * A listener that is not started.
   *
   * @param builder builds a worker for each start
   * @throws MisconfiguredException if no worker can be built
   */
  Listener(
      String id,
      Millstream millstream,
      MessageStream<?> stream,
      boolean autoStartup,
      Supplier<Worker> builder) {
    this.id = id;
    this.millstream = millstream;
    this.stream = stream;
    this.autoStartup = autoStartup;
    this.builder = builder;
    this.worker = builder.get();
  }

  String id() {
    return id;
  }

  Millstream millstream() {
    return millstream;
  }

  MessageStream<?> stream() {
    return stream;
  }

  boolean autoStartup() {
    return autoStartup;
  }

  synchronized Worker worker() {
    return worker;
  }

  synchronized void start() {
    if (worker.state() == WorkerState.STOPPING) {
      throw new IllegalStateException(
          "listener '" + id + "': stopping, start it when the stop has completed");
    }
    if (worker.state().terminal()) {
      worker = builder.get();
    }
    worker.start();
  }

  Mono<Void> stop() {
    return worker().stop();
  }
}
