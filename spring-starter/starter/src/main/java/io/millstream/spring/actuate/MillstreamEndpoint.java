package io.millstream.spring.actuate;

import io.millstream.admin.DeadLetter;
import io.millstream.admin.DeadLetter.Story;
import io.millstream.admin.GroupStatus;
import io.millstream.admin.Redrive;
import io.millstream.admin.RedriveProgress;
import io.millstream.admin.StreamAdmin;
import io.millstream.engine.ConsumerInfo;
import io.millstream.entry.EntryId;
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
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
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
  /** What {@link #part} shows. */
  public static final String DEAD_LETTERS = "dead-letters";

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration REDRIVE_PATIENCE = Duration.ofSeconds(60);
  private static final int SHOWN = 100;
  private static final int REDRIVEN = 1_000;

  /** What can be done with a listener. */
  public enum Action {
    /** Pause it. */
    PAUSE,
    /** End the pause. */
    RESUME,
    /** Stop it; this waits for nothing. */
    STOP,
    /** Start it anew. */
    START,
    /** Bring dead letters of its group back: one, or at most 1,000 at a time, oldest first. */
    REDRIVE
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
   * @param oldestPending the oldest of them, or null if there is none
   * @param deadLetters how many dead letters of the group there are
   * @param consumers who they are
   */
  public record GroupReport(
      @Nullable Long lag,
      long pending,
      @Nullable String oldestPending,
      long deadLetters,
      List<ConsumerInfo> consumers) {}

  /**
   * A dead letter. All but {@code letter} is null if Millstream did not write it.
   *
   * @param letter its id, for a redrive
   * @param id the id that the message had in its stream
   * @param deliveries how often it was delivered
   * @param time when it was given up
   * @param reason why
   * @param exception what its handler failed with last, and the message of that
   */
  public record DeadLetterReport(
      String letter,
      @Nullable String id,
      @Nullable Long deliveries,
      @Nullable String time,
      @Nullable String reason,
      @Nullable String exception) {
    static DeadLetterReport of(DeadLetter letter) {
      Story story = letter.story();
      return story == null
          ? new DeadLetterReport(letter.id().toString(), null, null, null, null, null)
          : new DeadLetterReport(
              letter.id().toString(),
              story.id().toString(),
              story.deliveries(),
              story.time().toString(),
              story.reason(),
              story.exception() == null ? null : story.exception() + ": " + story.message());
    }
  }

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
   * The dead letters of a listener's group, oldest first.
   *
   * @param part {@value #DEAD_LETTERS}
   * @param limit how many at most; 100 if it is null
   * @return null if there is no such listener, or no such part
   */
  @ReadOperation
  public @Nullable List<DeadLetterReport> part(
      @Selector String id, @Selector String part, @Nullable Integer limit) {
    if (!listeners.ids().contains(id) || !part.equals(DEAD_LETTERS)) {
      return null;
    }
    return admin(id)
        .deadLetters(listeners.stream(id), listeners.worker(id).group())
        .take(limit == null ? SHOWN : Math.max(1, limit))
        .map(DeadLetterReport::of)
        .collectList()
        .block(PATIENCE);
  }

  /**
   * Does something with a listener.
   *
   * @param letter the dead letter to redrive; null for all
   * @return the listener's state then, or what became of the dead letters; null if there is no
   *     listener of this id
   */
  @WriteOperation
  public @Nullable Map<String, Object> act(
      @Selector String id, Action action, @Nullable String letter) {
    if (!listeners.ids().contains(id)) {
      return null;
    }
    switch (action) {
      case PAUSE -> listeners.pause(id).subscribe();
      case RESUME -> listeners.resume(id);
      case STOP -> listeners.stop(id).subscribe();
      case START -> listeners.start(id);
      case REDRIVE -> {
        return redrive(id, letter);
      }
    }
    return Map.of("state", listeners.worker(id).state());
  }

  private Map<String, Object> redrive(String id, @Nullable String letter) {
    Redrive which = letter == null ? Redrive.all().atMost(REDRIVEN) : Redrive.of(parse(letter));
    RedriveProgress result =
        Objects.requireNonNull(
            admin(id)
                .redrive(listeners.stream(id), listeners.worker(id).group(), which)
                .last()
                .block(REDRIVE_PATIENCE));
    Map<String, Object> counts = new LinkedHashMap<>();
    result.counts().forEach((fate, count) -> counts.put(fate.name(), count));
    return Map.of("letters", result.letters(), "redriven", counts);
  }

  private static EntryId parse(String letter) {
    try {
      return EntryId.parse(letter);
    } catch (IllegalArgumentException e) {
      throw new InvalidEndpointRequestException(
          "letter: '" + letter + "', expected the id of a dead letter",
          "letter: expected the id of a dead letter",
          e);
    }
  }

  private StreamAdmin admin(String id) {
    return listeners.millstream(id).admin();
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
    StreamAdmin admin = admin(id);
    return admin
        .groups(listeners.stream(id))
        .filter(group -> group.name().equals(worker.group()))
        .next()
        .zipWith(
            admin.consumers(listeners.stream(id), worker.group()).collectList(),
            MillstreamEndpoint::report)
        .timeout(PATIENCE)
        .onErrorComplete();
  }

  private static GroupReport report(GroupStatus group, List<ConsumerInfo> consumers) {
    return new GroupReport(
        group.lag(),
        group.pending(),
        group.oldestPending() == null ? null : group.oldestPending().id().toString(),
        group.deadLetters(),
        consumers);
  }
}
