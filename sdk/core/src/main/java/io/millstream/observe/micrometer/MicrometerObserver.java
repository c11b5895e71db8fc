package io.millstream.observe.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.millstream.message.Headers;
import io.millstream.observe.GroupObserver;
import io.millstream.observe.Observer;
import io.millstream.observe.PublisherObserver;
import io.millstream.observe.Sending;
import io.millstream.observe.WorkerGauges;
import io.millstream.observe.WorkerObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Meters in a Micrometer registry, traces by Micrometer's Observations, or both. What they are
 * called stands in {@code docs/operations.md}.
 *
 * <p>Meters have the tag {@code stream}, those of workers {@code group} too, and never more than
 * that but for an outcome. Workers of one stream and group share them; of their gauges they show
 * the sum, of the loop's age the longest.
 *
 * <p>Traces: an Observation {@code millstream.publish} for each publish, {@code millstream.process}
 * for each delivery. What carries a trace along (W3C's {@code traceparent} by default) travels in
 * the message's headers, so the deliveries of a message, all of them, belong to the trace of its
 * publisher. The handler's {@code Mono} has the Observation in its context, for what knows
 * Micrometer to join in; in blocking handlers it is the thread's current one. An {@code
 * ObservationConvention} of one's own, for {@link PublishContext} or {@link ProcessContext}, is
 * given to the registry.
 *
 * @since 0.1
 */
public final class MicrometerObserver implements Observer {
  private final MeterRegistry registry;
  private final @Nullable GroupObserver groups;
  private final Traces traces;
  private final Map<Tags, GaugeGroup> gauges = new ConcurrentHashMap<>();

  /** Meters in the given registry, no traces, everything else by default. */
  public MicrometerObserver(MeterRegistry registry) {
    this(builder().meters(registry));
  }

  private MicrometerObserver(Builder builder) {
    MeterRegistry meters = builder.meters;
    this.registry = meters == null ? new CompositeMeterRegistry() : meters; // an empty one
    this.groups =
        meters == null || builder.groupsEvery.isZero()
            ? null
            : new GroupMeters(meters, builder.groupsEvery);
    this.traces = new Traces(builder.traces);
  }

  /** For more than meters. */
  public static Builder builder() {
    return new Builder();
  }

  /** Says what is wanted. Not for use by several threads. */
  public static final class Builder {
    private @Nullable MeterRegistry meters;
    private ObservationRegistry traces = ObservationRegistry.NOOP;
    private Duration groupsEvery = Duration.ofSeconds(15);

    private Builder() {}

    /** Where the meters go. Default: nowhere. */
    public Builder meters(MeterRegistry registry) {
      meters = Objects.requireNonNull(registry, "registry");
      return this;
    }

    /**
     * Where Observations go. Default: nowhere. They become traces by the handlers of
     * micrometer-tracing (OpenTelemetry, Brave), which Spring Boot puts there.
     */
    public Builder traces(ObservationRegistry registry) {
      traces = Objects.requireNonNull(registry, "registry");
      return this;
    }

    /**
     * How often Redis is asked how the groups stand, for the meters {@code millstream.group.*},
     * {@code millstream.stream.length} and {@code millstream.delivery.latency}: once for each group
     * that has a worker here. Default 15 s.
     *
     * @param interval 1 s or more, or zero for never: these meters stay away then
     * @throws IllegalArgumentException if it is anything else
     */
    public Builder groupsEvery(Duration interval) {
      if (!interval.isZero() && interval.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException(
            "groupsEvery: " + interval + ", allowed: PT1S or more, or zero");
      }
      groupsEvery = interval;
      return this;
    }

    /** The observer. */
    public MicrometerObserver build() {
      return new MicrometerObserver(this);
    }
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
    String consumer = worker.consumer();
    return new WorkerMeters(
        registry,
        tags,
        worker,
        arrival -> traces.processing(stream, group, consumer, arrival),
        () -> remove(tags, worker));
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

      @Override
      public @Nullable Sending sending(Headers headers, ContextView context) {
        return traces.sending(stream, headers, context);
      }
    };
  }

  @Override
  public @Nullable GroupObserver groups() {
    return groups;
  }
}
