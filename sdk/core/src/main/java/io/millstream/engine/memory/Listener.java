package io.millstream.engine.memory;

import io.millstream.engine.Signal;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import reactor.core.publisher.FluxSink;

/** One who listens to a channel; it is told on its engine's worker, in order. */
final class Listener {
  final MemoryEngine engine;
  final String channel;
  private final ServerLock lock;
  private final FluxSink<Signal> sink;
  private final Queue<Runnable> toTell = new ConcurrentLinkedQueue<>();

  Listener(MemoryEngine engine, ServerLock lock, String channel, FluxSink<Signal> sink) {
    this.engine = engine;
    this.lock = lock;
    this.channel = channel;
    this.sink = sink;
  }

  /** The lock is held. */
  void tell(Signal signal) {
    add(() -> sink.next(signal));
  }

  /** The last thing that it is told. The lock is held. */
  void end() {
    add(sink::complete);
  }

  /** The order is that of the lock, whichever task comes first. */
  private void add(Runnable next) {
    toTell.add(next);
    lock.afterwards(
        () ->
            engine.onWorker(
                () -> {
                  Runnable told = toTell.poll();
                  if (told != null) {
                    told.run();
                  }
                }));
  }
}
