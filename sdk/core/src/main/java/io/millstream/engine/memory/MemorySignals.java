package io.millstream.engine.memory;

import io.millstream.engine.Signal;
import io.millstream.engine.Signals;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Mono;

/** PUBLISH and SUBSCRIBE on the server's table of channels. */
final class MemorySignals implements Signals {
  private final MemoryEngine engine;
  private final Server server;

  MemorySignals(MemoryEngine engine, Server server) {
    this.engine = engine;
    this.server = server;
  }

  @Override
  public Mono<Long> publish(String channel) {
    return engine.command(Called.named("PUBLISH"), () -> server.publish(channel, ""));
  }

  @Override
  public Flux<Signal> listen(String channel) {
    return Flux.create(
        sink -> {
          Listener listener = new Listener(engine, server.lock, channel, sink);
          server.lock.run(() -> server.listen(listener));
          sink.onDispose(() -> server.lock.run(() -> server.channels.remove(listener)));
        },
        OverflowStrategy.LATEST);
  }
}
