package io.millstream.engine;

import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * A connection for XADD that can tell whether replicas have what was written on it: WAIT knows of
 * its own connection only, and holds up everything behind it. Used by one caller, who may have
 * several XADDs under way. A writer whose connection broke is spent: every later call fails with
 * {@link RedisException#CONNECTION}. Close it and open another.
 *
 * @since 0.1
 */
public interface Writer {
  /** XADD. */
  Mono<EntryId> add(String key, Fields fields, AddArgs args);

  /**
   * WAIT: waits until so many replicas have all that was written here before, or the time is over.
   *
   * @param replicas how many are enough
   * @param timeout how long to wait at most, more than zero
   * @return how many have it; fewer than {@code replicas} if the time was over
   */
  Mono<Long> awaitReplicas(long replicas, Duration timeout);

  /** As {@link Reader#close()}. */
  Mono<Boolean> close();
}
