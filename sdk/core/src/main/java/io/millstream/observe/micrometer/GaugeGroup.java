package io.millstream.observe.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.millstream.observe.WorkerGauges;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * The gauges of all workers of one stream and group. A registry keeps only the first gauge of a
 * name and tags, so they share one. {@link #add} and {@link #removedLast} are called one at a time.
 */
final class GaugeGroup {
  private final List<WorkerGauges> workers = new CopyOnWriteArrayList<>();
  private final List<Meter> meters;
  private final MeterRegistry registry;

  GaugeGroup(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.meters =
        List.of(
            Gauge.builder("millstream.in.flight", () -> sum(WorkerGauges::inFlight))
                .tags(tags)
                .register(registry),
            Gauge.builder("millstream.waiting", () -> sum(WorkerGauges::waiting))
                .tags(tags)
                .register(registry),
            TimeGauge.builder("millstream.loop.age", this::longestLoopAge, TimeUnit.NANOSECONDS)
                .tags(tags)
                .register(registry));
  }

  void add(WorkerGauges worker) {
    workers.add(worker);
  }

  /** Whether that was the last worker; then the meters are gone. */
  boolean removedLast(WorkerGauges worker) {
    workers.remove(worker);
    if (!workers.isEmpty()) {
      return false;
    }
    meters.forEach(registry::remove);
    return true;
  }

  private int sum(ToIntFunction<WorkerGauges> gauge) {
    return workers.stream().mapToInt(gauge).sum();
  }

  private long longestLoopAge() {
    return workers.stream().mapToLong(worker -> worker.loopAge().toNanos()).max().orElse(0);
  }
}
