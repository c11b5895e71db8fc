package io.millstream.engine.memory;

import io.millstream.engine.AdminSteps;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** What an operator asks for: each step one critical section. */
final class MemoryAdminSteps implements AdminSteps {
  private final MemoryEngine engine;
  private final Server server;

  MemoryAdminSteps(MemoryEngine engine, Server server) {
    this.engine = engine;
    this.server = server;
  }

  @Override
  public Mono<List<Redriven>> redrive(Redrive redrive) {
    if (redrive.letters().isEmpty()) {
      return Mono.just(List.of());
    }
    return engine.command(
        Called.on("redrive", redrive.stream(), redrive.group()),
        () -> {
          Redriving redriving = new Redriving(engine.keyspace, redrive, server.now());
          return redrive.letters().stream().map(redriving::one).toList();
        });
  }

  @Override
  public Mono<Trimmed> trim(SafeTrim trim) {
    return engine.command(
        Called.on("trim", trim.stream()),
        () -> SafeTrimming.run(engine.keyspace, trim, server.now()));
  }

  @Override
  public Mono<Boolean> removeIdleConsumer(
      String stream, String group, String consumer, Duration minIdle) {
    return engine.command(
        Called.on("removeIdleConsumer", stream, group),
        () -> {
          GroupData data = engine.keyspace.required(stream, group).group();
          ConsumerData found = data.consumer(consumer);
          if (found == null) {
            return true;
          }
          boolean idle = server.now() - found.seenAt >= minIdle.toMillis();
          if (!found.pending.isEmpty() || !idle) {
            return false;
          }
          data.deleteConsumer(consumer);
          return true;
        });
  }
}
