package io.millstream.observe.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millstream.observe.Observer;
import io.millstream.observe.PublisherObserver;
import io.millstream.observe.WorkerGauges;
import io.millstream.observe.WorkerObserver;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Meters in a Micrometer registry, each with the tag {@code stream}, those of workers with {@code
 * group} too. Workers of one stream and group share them; of their gauges they show the sum.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>meter</th><th>type</th><th>counts</th></tr>
 * <tr><td>{@code millstream.published}</td><td>counter</td><td>messages written</td></tr>
 * <tr><td>{@code millstream.publish.failures}</td><td>counter</td>
 *     <td>messages not written, or nobody knows</td></tr>
 * <tr><td>{@code millstream.delivered}</td><td>counter</td><td>handlers started, one for each delivery</td></tr>
 * <tr><td>{@code millstream.acked}</td><td>counter</td><td>messages acknowledged</td></tr>
 * <tr><td>{@code millstream.retried}</td><td>counter</td><td>failures that are retried</td></tr>
 * <tr><td>{@code millstream.dead.letters}</td><td>counter</td><td>messages given up</td></tr>
 * <tr><td>{@code millstream.claimed}</td><td>counter</td>
 *     <td>messages taken over from other consumers</td></tr>
 * <tr><td>{@code millstream.leases.lost}</td><td>counter</td>
 *     <td>messages lost to other consumers</td></tr>
 * <tr><td>{@code millstream.handler}</td><td>timer</td>
 *     <td>runs of the handler; tag {@code outcome}: {@code success}, {@code failure}</td></tr>
 * <tr><td>{@code millstream.in.flight}</td><td>gauge</td>
 *     <td>messages held, running or waiting for a free handler</td></tr>
 * <tr><td>{@code millstream.waiting}</td><td>gauge</td>
 *     <td>messages that wait for their retry</td></tr>
 * <tr><td>{@code millstream.loop.age}</td><td>gauge, seconds</td>
 *     <td>time since the loop made progress; of several workers, the longest</td></tr>
 * </table>
 *
 * @since 0.1
 */
public final class MicrometerObserver implements Observer {
  private final MeterRegistry registry;
  private final Map<Tags, GaugeGroup> gauges = new ConcurrentHashMap<>();

  /** Meters in the given registry. */
  public MicrometerObserver(MeterRegistry registry) {
    this.registry = Objects.requireNonNull(registry, "registry");
  }

  @Override
  public WorkerObserver worker(String stream, String group, WorkerGauges worker) {
    Tags tags = Tags.of("stream", stream, "group", group);
    gauges.compute(
        tags,
        (key, present) -> {
          GaugeGroup all = present == null ? new GaugeGroup(registry, key) : present;
          all.add(worker);
          return all;
        });
    return new WorkerMeters(registry, tags, () -> remove(tags, worker));
  }

  private void remove(Tags tags, WorkerGauges worker) {
    gauges.computeIfPresent(tags, (key, all) -> all.removedLast(worker) ? null : all);
  }

  @Override
  public PublisherObserver publisher(String stream) {
    Counter published = registry.counter("millstream.published", "stream", stream);
    Counter failures = registry.counter("millstream.publish.failures", "stream", stream);
    return new PublisherObserver() {
      @Override
      public void published() {
        published.increment();
      }

      @Override
      public void publishFailed() {
        failures.increment();
      }
    };
  }
}
