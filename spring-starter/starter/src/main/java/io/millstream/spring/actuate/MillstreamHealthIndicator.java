package io.millstream.spring.actuate;

import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.spring.ListenerRegistry;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whether listeners do their work, for readiness: {@code DOWN} if one has failed, has been backing
 * off or starting for longer than it may, or has a loop that hangs. One that was paused or stopped
 * by hand harms nobody.
 *
 * @since 0.1
 */
public final class MillstreamHealthIndicator extends AbstractHealthIndicator {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ListenerRegistry listeners;
  private final Duration downAfter;
  private final Duration hungAfter;

  /**
   * The health of all listeners.
   *
   * @param downAfter how long a listener may back off
   * @param hungAfter how long a loop may owe an answer
   */
  public MillstreamHealthIndicator(
      ListenerRegistry listeners, Duration downAfter, Duration hungAfter) {
    super("the listeners could not be looked at");
    this.listeners = listeners;
    this.downAfter = downAfter;
    this.hungAfter = hungAfter;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    builder.up();
    Map<String, String> oldest = oldestPending();
    for (String id : listeners.ids()) {
      Worker worker = listeners.worker(id);
      if (isDown(worker)) {
        builder.down();
      }
      builder.withDetail(id, details(worker, oldest.get(id)));
    }
  }

  private boolean isDown(Worker worker) {
    WorkerState state = worker.state();
    boolean waits = state == WorkerState.BACKING_OFF || state == WorkerState.STARTING;
    return state == WorkerState.FAILED
        || (waits && worker.inState().compareTo(downAfter) > 0)
        || worker.loopDelay().compareTo(hungAfter) > 0;
  }

  private static Map<String, Object> details(Worker worker, @Nullable String oldest) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("state", worker.state());
    details.put("since", worker.inState().toString());
    worker.trouble().ifPresent(trouble -> details.put("trouble", trouble));
    details.put("loopAge", worker.loopAge().toString());
    details.put("held", worker.load().held());
    if (oldest != null) {
      details.put("oldestPending", oldest);
    }
    return details;
  }

  /** By listener, when the oldest entry was published that is pending in its group. */
  private Map<String, String> oldestPending() {
    return Objects.requireNonNull(
        Flux.fromIterable(listeners.ids())
            .flatMap(id -> oldestPending(id).map(row -> Map.entry(id, text(row))))
            .collectMap(Map.Entry::getKey, Map.Entry::getValue)
            .block());
  }

  private Mono<PendingEntry> oldestPending(String id) {
    Worker worker = listeners.worker(id);
    return listeners
        .millstream(id)
        .engine()
        .groups()
        .pending(worker.stream(), worker.group(), PendingArgs.all(1))
        .timeout(PATIENCE)
        .onErrorComplete() // no group yet, or no Redis, which the state tells
        .flatMap(rows -> Mono.justOrEmpty(rows.stream().findFirst()));
  }

  private static String text(PendingEntry row) {
    return row.id() + ", published " + Instant.ofEpochMilli(row.id().ms());
  }
}
