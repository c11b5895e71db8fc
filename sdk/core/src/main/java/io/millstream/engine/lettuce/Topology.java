package io.millstream.engine.lettuce;

import io.millstream.engine.RedisException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Which node has which slot, as far as is known. It is asked for again from time to time, and soon
 * when somebody has reason to doubt it: at once the first time, and then with the backoff of
 * connecting, at most one question at a time, however many have reason. What answers the questions
 * is one node; nobody is asked for what another has said already.
 */
final class Topology {
  private static final Logger log = LoggerFactory.getLogger(Topology.class);

  /** How often it is looked at without any reason. */
  private static final Duration PERIOD = Duration.ofSeconds(30);

  private final Mono<Slots> ask;
  private final Runnable looked;
  private final Scheduler scheduler;
  private final Settings settings;
  private final AtomicBoolean failing = new AtomicBoolean();
  private final Sinks.Empty<Void> tried = Sinks.empty(); // the first answer, or failure, is there

  private volatile Slots slots = Slots.NONE;
  private volatile RedisException whyNot = Errors.connection("the cluster is not known yet");

  private final Object lock = new Object();
  private boolean asking; // guarded by lock
  private boolean doubted; // guarded by lock: there was reason to ask while it was asked
  private boolean closed; // guarded by lock
  private @Nullable Disposable next; // guarded by lock
  private long nextDue; // guarded by lock; means something while there is a next
  private int inARow; // guarded by lock: questions without rest, and without news
  private long answered; // guarded by lock: when the last question ended

  /**
   * Nothing is known.
   *
   * @param ask asks whatever node answers
   * @param looked is told of each answer
   */
  Topology(Mono<Slots> ask, Runnable looked, Scheduler scheduler, Settings settings) {
    this.ask = ask;
    this.looked = looked;
    this.scheduler = scheduler;
    this.settings = settings;
    this.answered = scheduler.now(TimeUnit.NANOSECONDS) - settings.maxDelay().toNanos() * 2;
  }

  /** What is known now. */
  Slots slots() {
    return slots;
  }

  /** Why nothing is known. */
  RedisException whyNot() {
    return Errors.again(whyNot);
  }

  /** Completes when it was asked for once, in vain or not. */
  Mono<Void> tried() {
    return tried.asMono();
  }

  /** There is reason to ask soon. */
  void doubt() {
    synchronized (lock) {
      if (asking) {
        doubted = true;
        return;
      }
      long now = scheduler.now(TimeUnit.NANOSECONDS);
      if (now - answered > settings.maxDelay().toNanos() * 2) {
        inARow = 0;
      }
      long delay = inARow == 0 ? 0 : settings.delay(inARow).toNanos();
      schedule(Math.max(0, answered + delay - now));
    }
  }

  /** Under the lock: asks after this delay, unless it will be asked sooner. */
  private void schedule(long delay) {
    if (closed) {
      return;
    }
    long due = scheduler.now(TimeUnit.NANOSECONDS) + delay;
    if (next != null) {
      if (nextDue - due <= 0) {
        return;
      }
      next.dispose();
    }
    nextDue = due;
    try {
      next = scheduler.schedule(this::ask, delay, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.error("The cluster is not looked at any more: the scheduler takes no more tasks", e);
    }
  }

  private void ask() {
    synchronized (lock) {
      next = null;
      if (asking || closed) {
        return;
      }
      asking = true;
      doubted = false;
    }
    ask.subscribe(this::answered, error -> failed(Errors.of(error)));
  }

  private void answered(Slots answer) {
    boolean news = !answer.sameOwners(slots);
    synchronized (lock) {
      if (closed) {
        return;
      }
      slots = answer;
    }
    if (failing.compareAndSet(true, false)) {
      log.info("The cluster answers again");
    }
    ended(news, false);
    looked.run();
  }

  private void failed(RedisException error) {
    synchronized (lock) {
      if (!closed) {
        whyNot = error;
      }
    }
    if (failing.compareAndSet(false, true)) {
      log.warn("No node of the cluster answers, will keep trying: {}", Errors.text(error));
    }
    ended(false, true);
  }

  private void ended(boolean news, boolean again) {
    boolean soon;
    synchronized (lock) {
      asking = false;
      answered = scheduler.now(TimeUnit.NANOSECONDS);
      inARow = news ? 0 : inARow + 1;
      soon = again || (doubted && !news);
      if (!soon) {
        schedule(
            PERIOD.toNanos() - (long) (PERIOD.toNanos() * 0.2 * settings.jitter().getAsDouble()));
      }
    }
    tried.tryEmitEmpty();
    if (soon) {
      doubt();
    }
  }

  void close() {
    synchronized (lock) {
      closed = true;
      slots = Slots.NONE;
      whyNot = Errors.connection("the engine is closed");
      if (next != null) {
        next.dispose();
      }
    }
    tried.tryEmitEmpty();
  }
}
