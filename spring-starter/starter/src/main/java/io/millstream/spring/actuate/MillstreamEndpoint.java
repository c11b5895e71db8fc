package io.millstream.spring.actuate;

import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.GroupCommands;
import io.millstream.engine.GroupInfo;
import io.millstream.spring.ListenerRegistry;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerLoad;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The listeners of this process and their groups in Redis, and what can be done with them. Payloads
 * are not shown.
 *
 * @since 0.1
 */
@Endpoint(id = "millstream")
public final class MillstreamEndpoint {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What can be done with a listener. */
  public enum Action {
    /** Pause it. */
    PAUSE,
    /** End the pause. */
    RESUME,
    /** Stop it; this waits for nothing. */
    STOP,
    /** Start it anew. */
    START
  }

  /**
   * A listener of this process.
   *
   * @param stream the key that it reads
   * @param group its group
   * @param consumer its name there
   * @param state what it is doing
   * @param since for how long
   * @param trouble what keeps it from working, or null
   * @param load what it holds
   * @param inRedis its group, or null if Redis cannot tell
   */
  public record ListenerReport(
      String stream,
      String group,
      String consumer,
      WorkerState state,
      Duration since,
      @Nullable String trouble,
      WorkerLoad load,
      @Nullable GroupReport inRedis) {}

  /**
   * A group, with all of its consumers in all processes.
   *
   * @param lag how many entries it has not read; null if Redis cannot tell
   * @param pending how many entries were delivered and not yet acknowledged
   * @param consumers who they are
   */
  public record GroupReport(@Nullable Long lag, long pending, List<ConsumerInfo> consumers) {}

  private final ListenerRegistry listeners;

  /** An endpoint for the given listeners. */
  public MillstreamEndpoint(ListenerRegistry listeners) {
    this.listeners = listeners;
  }

  /** All listeners, by id. */
  @ReadOperation
  public Map<String, ListenerReport> listeners() {
    return Objects.requireNonNull(
        Flux.fromIterable(listeners.ids())
            .flatMapSequential(id -> report(id).map(report -> Map.entry(id, report)))
            .collectMap(Map.Entry::getKey, Map.Entry::getValue, LinkedHashMap::new)
            .block());
  }

  /** One listener, or null if there is none of this id. */
  @ReadOperation
  public @Nullable ListenerReport listener(@Selector String id) {
    return listeners.ids().contains(id) ? report(id).block() : null;
  }

  /**
   * Does something with a listener.
   *
   * @return the listener's state then, or null if there is none of this id
   */
  @WriteOperation
  public @Nullable Map<String, WorkerState> act(@Selector String id, Action action) {
    if (!listeners.ids().contains(id)) {
      return null;
    }
    switch (action) {
      case PAUSE -> listeners.pause(id).subscribe();
      case RESUME -> listeners.resume(id);
      case STOP -> listeners.stop(id).subscribe();
      case START -> listeners.start(id);
    }
    return Map.of("state", listeners.worker(id).state());
  }

  private Mono<ListenerReport> report(String id) {
    Worker worker = listeners.worker(id);
    return group(id, worker)
        .map(group -> report(worker, group))
        .defaultIfEmpty(report(worker, null));
  }

  private static ListenerReport report(Worker worker, @Nullable GroupReport group) {
    return new ListenerReport(
        worker.stream(),
        worker.group(),
        worker.consumer(),
        worker.state(),
        worker.inState(),
        worker.trouble().orElse(null),
        worker.load(),
        group);
  }

  /** Empty if there is no such group yet, or Redis does not answer, which the state tells. */
  private Mono<GroupReport> group(String id, Worker worker) {
    GroupCommands groups = listeners.millstream(id).engine().groups();
    Mono<GroupInfo> group =
        groups
            .infoGroups(worker.stream())
            .flatMapIterable(all -> all)
            .filter(one -> one.name().equals(worker.group()))
            .next();
    return group
        .zipWith(
            groups.infoConsumers(worker.stream(), worker.group()),
            (info, consumers) -> new GroupReport(info.lag(), info.pending(), consumers))
        .timeout(PATIENCE)
        .onErrorComplete();
  }
}
