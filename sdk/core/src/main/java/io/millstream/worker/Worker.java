package io.millstream.worker;

import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * A running member of a consumer group. It reads, hands messages to a handler, settles them, renews
 * what it holds and takes over what others left behind, until it is stopped. All methods may be
 * called from any thread.
 *
 * @since 0.1
 */
public interface Worker extends AutoCloseable {
  /** Starts it, at once and without waiting for Redis. Starting twice is the same as once. */
  Worker start();

  /** The key of the stream it reads. */
  String stream();

  /** Its consumer group. */
  String group();

  /** Its name in the group. */
  String consumer();

  /** What it is doing. */
  WorkerState state();

  /**
   * What keeps it from working, in one line, while it is {@code BACKING_OFF}, {@code PAUSED} or
   * {@code FAILED}.
   */
  Optional<String> trouble();

  /** For how long it has been in this state, by the worker's clock. */
  Duration inState();

  /** How long ago its loop last did something. An idle worker has a grown one too. */
  Duration loopAge();

  /**
   * For how long its loop has owed an answer: a call that finds no question open leaves one, and
   * tells zero. One that stays above zero for seconds means that the loop hangs, whatever Redis
   * does.
   */
  Duration loopDelay();

  /** How much it holds. A snapshot, for looking at. */
  WorkerLoad load();

  /**
   * Completes once it has reached Redis, the group is there and it is about to read; fails if the
   * worker ends before that. Signals on a thread of the worker.
   */
  Mono<Void> whenRunning();

  /**
   * Completes when it has stopped; fails if it {@link WorkerState#FAILED failed}. Signals on a
   * thread of the worker.
   */
  Mono<Void> whenStopped();

  /**
   * Pauses: reads nothing, takes nothing over, starts nothing, and gives back what it has read
   * ahead and what waits for its retry, no delivery spent. Handlers that run go on, and are
   * settled; what fails meanwhile is given back with its backoff. Begins at once, subscribed or
   * not, and lasts until {@link #resume()}; asking twice is the same as once.
   *
   * @return completes when nothing is held but what runs, or when it was resumed or stopped before;
   *     never fails. Signals on a thread of the worker
   */
  Mono<Void> pause();

  /** Ends a {@link #pause()}. A guard that lets nothing through still holds the worker up. */
  void resume();

  /**
   * Stops: reads no more, lets handlers finish within the drain timeout, flushes acknowledgements,
   * gives back what never started and what waits for its retry, and leaves the group. Begins at
   * once, subscribed or not; asking twice is the same as once.
   *
   * @return completes when it has stopped, never fails
   */
  Mono<Void> stop();

  /** Waits until it has stopped. Not for threads that must not block. */
  void awaitStopped();

  /** {@link #stop()}, and waits for it. Not for threads that must not block. */
  @Override
  void close();
}
