package io.millstream.engine.lettuce;

import io.millstream.engine.ConnectionEvent;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Connection events in the order in which they were added, told by one thread at a time. */
final class Events {
  private final Sinks.Many<ConnectionEvent> sink =
      Sinks.unsafe().many().multicast().directBestEffort();
  private final Queue<Runnable> toTell = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** From now on. A slow subscriber misses nothing. */
  Flux<ConnectionEvent> flux() {
    return sink.asFlux().onBackpressureBuffer();
  }

  /** Puts it in line. Tells nobody yet, so it may be called under a lock. */
  void add(ConnectionEvent event) {
    toTell.add(() -> sink.tryEmitNext(event));
  }

  /** The last one: completion. */
  void addEnd() {
    toTell.add(sink::tryEmitComplete);
  }

  /** Tells what is in line. Not to be called under a lock. */
  void tell() {
    if (waiting.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      for (Runnable next = toTell.poll(); next != null; next = toTell.poll()) {
        next.run();
      }
      seen = waiting.addAndGet(-seen);
    } while (seen != 0);
  }
}
