package io.millstream.spring;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.worker.Worker;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * The listeners of the application, by id: to look at, to start and to stop one by one. Safe for
 * use by several threads.
 *
 * <p>Each method that takes an id throws {@code IllegalArgumentException} if there is no such
 * listener.
 *
 * @since 0.1
 */
public interface ListenerRegistry {
  /** The ids, in the order of the beans. */
  Set<String> ids();

  /** The listener's worker. After a stop and a start it is another one. */
  Worker worker(String id);

  /** The stream that the listener reads, with its codec. */
  MessageStream<?> stream(String id);

  /** The Millstream on which the listener works. */
  Millstream millstream(String id);

  /**
   * Starts a listener; what runs already goes on. Returns at once, without waiting for Redis.
   *
   * @throws IllegalStateException while it is stopping
   */
  void start(String id);

  /** Stops a listener, as {@link Worker#stop()}. */
  Mono<Void> stop(String id);

  /** Pauses a listener, as {@link Worker#pause()}. */
  Mono<Void> pause(String id);

  /** Resumes a listener, as {@link Worker#resume()}. */
  void resume(String id);
}
