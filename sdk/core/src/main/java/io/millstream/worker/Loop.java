package io.millstream.worker;

import io.millstream.engine.RedisException;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * The worker's one thread and its clock. All state of a worker is touched only by tasks of this
 * loop, one after the other; whoever comes from another thread leaves a task here.
 */
final class Loop {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final Scheduler scheduler;
  private final Scheduler.Worker thread;
  private final Queue<Runnable> tasks = Queues.<Runnable>unboundedMultiproducer().get();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicReference<@Nullable Long> askedNanos = new AtomicReference<>();
  private volatile long lastTurnNanos;
  private volatile boolean ended;

  Loop(Scheduler scheduler) {
    this.scheduler = scheduler;
    this.thread = scheduler.createWorker();
    this.lastTurnNanos = scheduler.now(TimeUnit.NANOSECONDS);
  }

  /** Runs a task on the loop, after those that were left before. From any thread. */
  void execute(Runnable task) {
    if (ended) {
      return; // an answer that nobody waits for any more
    }
    tasks.add(task);
    if (queued.getAndIncrement() == 0) {
      // many tasks, one hand-off: scheduling each would cost more than most of them do
      try {
        thread.schedule(this::drain);
      } catch (RejectedExecutionException e) {
        ended = true; // between the look and the hand-off
      }
    }
  }

  private void drain() {
    int seen = queued.get();
    while (seen != 0) {
      for (int i = 0; i < seen; i++) {
        Runnable task = tasks.poll();
        if (task != null && !ended) {
          run(task);
        }
      }
      seen = queued.addAndGet(-seen);
    }
    lastTurnNanos = nanos();
  }

  /** Runs a task on the loop after a delay. */
  Disposable after(Duration delay, Runnable task) {
    if (ended) {
      return Disposables.disposed();
    }
    return thread.schedule(() -> run(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
  }

  /**
   * Sends a command and brings its answer back to the loop. An empty answer counts as an error of
   * ours.
   */
  <T> void ask(Mono<T> command, Consumer<? super T> onValue, Consumer<RedisException> onError) {
    command.subscribe(new Answer<>(onValue, onError));
  }

  /** A point of time, for measuring durations only. */
  long nanos() {
    return scheduler.now(TimeUnit.NANOSECONDS);
  }

  /** The date and time. */
  Instant instant() {
    return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
  }

  /** Nothing runs after this. */
  void end() {
    ended = true;
    thread.dispose();
  }

  /** How long since the loop last did something. From any thread. */
  Duration age() {
    return Duration.ofNanos(nanos() - lastTurnNanos);
  }

  /**
   * How long a question of ours has waited for its turn, and leaves one if none waits. From any
   * thread.
   */
  Duration delay() {
    Long asked = askedNanos.get();
    if (ended) {
      return Duration.ZERO;
    }
    if (asked != null) {
      return Duration.ofNanos(nanos() - asked);
    }
    if (askedNanos.compareAndSet(null, nanos())) {
      execute(() -> askedNanos.set(null));
    }
    return Duration.ZERO;
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) { // an Error too
      // a fault of ours in one task must not stop renewals and acknowledgements
      log.error("a task of the worker failed; the worker goes on", e);
    }
  }

  private final class Answer<T> implements CoreSubscriber<T> {
    private final Consumer<? super T> onValue;
    private final Consumer<RedisException> onError;
    private @Nullable T value;

    Answer(Consumer<? super T> onValue, Consumer<RedisException> onError) {
      this.onValue = onValue;
      this.onError = onError;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(T next) {
      value = next;
    }

    @Override
    public void onComplete() {
      T answer = value;
      if (answer == null) {
        onError(new IllegalStateException("the engine answered nothing"));
      } else {
        execute(() -> onValue.accept(answer));
      }
    }

    @Override
    public void onError(Throwable error) {
      RedisException known =
          error instanceof RedisException redis
              ? redis
              : new RedisException("ERR", String.valueOf(error), error);
      execute(() -> onError.accept(known));
    }
  }
}
