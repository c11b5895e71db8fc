package io.millstream.examples.benchmarks;

import io.millstream.Millstream;
import java.util.function.LongConsumer;
import reactor.core.publisher.Mono;

/** A worker with all that it does by default: leases, retries, recovery, dead letters. */
final class MillstreamWorker implements Contender {
  private final boolean onLoop;

  /** With handlers on threads of their own, or on the worker's loop. */
  MillstreamWorker(boolean onLoop) {
    this.onLoop = onLoop;
  }

  @Override
  public String name() {
    return onLoop ? "millstream-on-loop" : "millstream";
  }

  @Override
  public AutoCloseable start(Job job, LongConsumer handler) {
    Millstream millstream = Millstream.connect(job.uri().toURI().toString());
    millstream
        .worker(OneField.stream(job.stream(), Job.FIELD), job.group())
        .concurrency(1_000)
        .readAhead(2_000)
        .handleOnLoop(onLoop)
        .handle(
            message -> {
              handler.accept(message.id().ms() - Job.FIRST);
              return Mono.empty();
            })
        .start();
    return millstream;
  }
}
