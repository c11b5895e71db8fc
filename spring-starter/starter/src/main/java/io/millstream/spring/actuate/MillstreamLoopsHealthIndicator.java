package io.millstream.spring.actuate;

import io.millstream.spring.ListenerRegistry;
import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether the loops of listeners turn, for liveness: {@code DOWN} only if one hangs, which nothing
 * but a restart of the process mends. Redis may be away for as long as it likes.
 *
 * @since 0.1
 */
public final class MillstreamLoopsHealthIndicator extends AbstractHealthIndicator {
  private final ListenerRegistry listeners;
  private final Duration hungAfter;

  /**
   * The loops of all listeners.
   *
   * @param hungAfter how long a loop may owe an answer
   */
  public MillstreamLoopsHealthIndicator(ListenerRegistry listeners, Duration hungAfter) {
    super("the loops could not be looked at");
    this.listeners = listeners;
    this.hungAfter = hungAfter;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    builder.up();
    for (String id : listeners.ids()) {
      Duration delay = listeners.worker(id).loopDelay();
      if (delay.compareTo(hungAfter) > 0) {
        builder.down().withDetail(id, "its loop has not turned for " + delay);
      }
    }
  }
}
