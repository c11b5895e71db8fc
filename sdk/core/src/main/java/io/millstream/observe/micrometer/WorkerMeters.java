package io.millstream.observe.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millstream.entry.EntryId;
import io.millstream.observe.Arrival;
import io.millstream.observe.Processing;
import io.millstream.observe.WorkerGauges;
import io.millstream.observe.WorkerObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The counters and timers of one worker, looked up once. */
final class WorkerMeters implements WorkerObserver {
  private final Counter delivered;
  private final Counter acked;
  private final Counter retried;
  private final Counter deadLetters;
  private final Counter claimed;
  private final Counter leasesLost;
  private final Timer succeeded;
  private final Timer failed;
  private final DistributionSummary ackBatch;
  private final Timer latency;
  private final WorkerGauges worker;
  private final Function<Arrival, Processing> traces;
  private final Runnable onStop;

  WorkerMeters(
      MeterRegistry registry,
      Tags tags,
      WorkerGauges worker,
      Function<Arrival, Processing> traces,
      Runnable onStop) {
    this.delivered = registry.counter("millstream.delivered", tags);
    this.acked = registry.counter("millstream.acked", tags);
    this.retried = registry.counter("millstream.retried", tags);
    this.deadLetters = registry.counter("millstream.dead.letters", tags);
    this.claimed = registry.counter("millstream.claimed", tags);
    this.leasesLost = registry.counter("millstream.leases.lost", tags);
    this.succeeded = registry.timer("millstream.handler", tags.and("outcome", "success"));
    this.failed = registry.timer("millstream.handler", tags.and("outcome", "failure"));
    this.ackBatch = registry.summary("millstream.ack.batch", tags);
    this.latency = registry.timer("millstream.delivery.latency", tags);
    this.worker = worker;
    this.traces = traces;
    this.onStop = onStop;
  }

  @Override
  public void delivered(int count) {
    delivered.increment(count);
  }

  @Override
  public void acked(int count) {
    acked.increment(count);
    ackBatch.record(count);
  }

  /** Of later deliveries the backoff would be the larger part. */
  @Override
  public void started(EntryId id, long delivery) {
    Instant now = delivery == 1 ? worker.serverTime() : null;
    if (now != null) {
      latency.record(Math.max(0, now.toEpochMilli() - id.ms()), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public Processing processing(Arrival arrival) {
    return traces.apply(arrival);
  }

  @Override
  public void retried() {
    retried.increment();
  }

  @Override
  public void deadLettered() {
    deadLetters.increment();
  }

  @Override
  public void claimed(int count) {
    claimed.increment(count);
  }

  @Override
  public void leaseLost() {
    leasesLost.increment();
  }

  @Override
  public void handled(Duration time, boolean success) {
    (success ? succeeded : failed).record(time);
  }

  @Override
  public void stopped() {
    onStop.run();
  }
}
