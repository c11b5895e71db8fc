package io.millstream.observe.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.millstream.observe.GroupObserver;
import io.millstream.observe.GroupState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The gauges of streams and groups: what the last look saw, NaN where that is not known. */
final class GroupMeters implements GroupObserver {
  private final MeterRegistry registry;
  private final Duration every;
  private final Map<String, Stream> streams = new HashMap<>(); // guarded by this

  GroupMeters(MeterRegistry registry, Duration every) {
    this.registry = registry;
    this.every = every;
  }

  @Override
  public Duration every() {
    return every;
  }

  @Override
  public synchronized void seen(String stream, String group, GroupState state) {
    streams.computeIfAbsent(stream, Stream::new).saw(group, state);
  }

  @Override
  public synchronized void unknown(String stream, String group) {
    streams.computeIfAbsent(stream, Stream::new).saw(group, null);
  }

  @Override
  public synchronized void left(String stream, String group) {
    Stream known = streams.get(stream);
    if (known != null && known.leftLast(group)) {
      streams.remove(stream);
    }
  }

  /** One stream, and its groups. */
  private final class Stream {
    private final String name;
    private final Map<String, Group> groups = new HashMap<>();
    private final Meter length;
    private volatile double entries = Double.NaN;

    Stream(String name) {
      this.name = name;
      this.length =
          Gauge.builder("millstream.stream.length", () -> entries)
              .tag("stream", name)
              .description("entries in the stream")
              .register(registry);
    }

    void saw(String group, @Nullable GroupState state) {
      groups.computeIfAbsent(group, key -> new Group(Tags.of("stream", name, "group", key))).state =
          state;
      entries = state == null ? Double.NaN : state.length();
    }

    boolean leftLast(String group) {
      Group known = groups.remove(group);
      if (known != null) {
        known.meters.forEach(registry::remove);
      }
      if (!groups.isEmpty()) {
        return false;
      }
      registry.remove(length);
      return true;
    }
  }

  /** One group. */
  private final class Group {
    private final List<Meter> meters;
    private volatile @Nullable GroupState state;

    Group(Tags tags) {
      this.meters =
          List.of(
              gauge("lag", tags, "entries not delivered yet", Group::lag),
              gauge("pending", tags, "entries delivered and not settled", GroupState::pending),
              gauge("consumers", tags, "consumers, dead ones too", GroupState::consumers),
              gauge(
                  "dead.letters",
                  tags,
                  "entries in its dead-letter stream",
                  GroupState::deadLetters),
              TimeGauge.builder(
                      "millstream.group.oldest.pending.age",
                      () -> read(Group::oldestPendingNanos),
                      TimeUnit.NANOSECONDS)
                  .tags(tags)
                  .description("since the oldest pending entry was added")
                  .register(registry));
    }

    private Meter gauge(
        String name, Tags tags, String description, ToDoubleFunction<GroupState> value) {
      return Gauge.builder("millstream.group." + name, () -> read(value))
          .tags(tags)
          .description(description)
          .register(registry);
    }

    private double read(ToDoubleFunction<GroupState> value) {
      GroupState now = state;
      return now == null ? Double.NaN : value.applyAsDouble(now);
    }

    private static double lag(GroupState state) {
      Long lag = state.lag();
      return lag == null ? Double.NaN : lag;
    }

    private static double oldestPendingNanos(GroupState state) {
      Duration age = state.oldestPending();
      return age == null ? 0 : age.toNanos();
    }
  }
}
