package io.millstream.worker;

import io.millstream.engine.RedisException;
import io.millstream.worker.Trouble.Duty;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * What Redis kept a duty from doing is tried again after a backoff. However much of a duty waits,
 * there is one timer, and one task tries for all; the others follow when it succeeds. So a long
 * outage costs neither memory nor a flood of commands. Confined to the loop.
 */
final class Attempts {
  private final Loop loop;
  private final Trouble trouble;
  private final RandomGenerator random;
  private final Duration longest;
  private final Map<Duty, Waiting> waiting = new EnumMap<>(Duty.class);
  private boolean groupGivenUp;

  /**
   * Nothing waits.
   *
   * @param renewEvery how often leases are renewed: a renewal waits less than that
   */
  Attempts(Loop loop, Trouble trouble, RandomGenerator random, Duration renewEvery) {
    this.loop = loop;
    this.trouble = trouble;
    this.random = random;
    this.longest = renewEvery.dividedBy(2);
  }

  /**
   * A duty failed: it is tried again after its backoff, or as soon as Redis is known to be back.
   */
  void failed(Duty duty, RedisException error, Runnable again) {
    Waiting waits = waiting.computeIfAbsent(duty, this::newWaiting);
    waits.tasks.add(again);
    arm(waits);
    trouble.met(duty, error);
  }

  /** A duty is in trouble, and hears by itself when it is over. */
  void met(Duty duty, RedisException error) {
    trouble.met(duty, error);
  }

  /** A duty succeeded. */
  void succeeded(Duty duty) {
    Waiting waits = waiting.get(duty);
    if (waits != null) {
      waits.backoff.reset();
      tryAll(waits);
    }
    trouble.over(duty);
  }

  /**
   * A duty has nothing to ask Redis for: what it was in trouble with has gone its way. Without this
   * it would be in trouble until it next has something to do.
   */
  void nothingToDo(Duty duty) {
    Waiting waits = waiting.get(duty);
    if (waits != null && waits.tasks.isEmpty()) {
      trouble.over(duty);
    }
  }

  /** A duty is not done any more, and what waits of it is not tried. */
  void cancel(Duty duty) {
    Waiting waits = waiting.get(duty);
    if (waits != null) {
      waits.tasks.clear();
      trouble.over(duty);
    }
  }

  /** A group that is gone is not made anew. */
  void groupGivenUp() {
    groupGivenUp = true;
  }

  /** Whether an error says that there is nothing left to do: no group, and none to come. */
  boolean nothingLeft(RedisException error) {
    return groupGivenUp && error.is("NOGROUP");
  }

  /** Whether a duty is in trouble. */
  boolean troubled(Duty duty) {
    return trouble.with(duty);
  }

  /** Redis is back: whatever waits is tried now. */
  void now() {
    for (Waiting waits : waiting.values()) {
      waits.backoff.reset();
      tryAll(waits);
    }
  }

  private Waiting newWaiting(Duty duty) {
    return new Waiting(
        duty == Duty.RENEW ? new Backoff(random, longest) : new Backoff(random, Backoff.LONGEST));
  }

  private void arm(Waiting waits) {
    if (waits.timer == null) {
      waits.timer = loop.after(waits.backoff.next(), () -> tryOne(waits));
    }
  }

  private void tryOne(Waiting waits) {
    waits.timer = null;
    Runnable first = waits.tasks.poll();
    if (!waits.tasks.isEmpty()) {
      arm(waits); // the first one may have nothing to ask any more
    }
    if (first != null) {
      first.run();
    }
  }

  /** In turns of their own: the caller is in the midst of something. */
  private void tryAll(Waiting waits) {
    if (waits.timer != null) {
      waits.timer.dispose();
      waits.timer = null;
    }
    for (Runnable task = waits.tasks.poll(); task != null; task = waits.tasks.poll()) {
      loop.execute(task);
    }
  }

  /** What waits of one duty. */
  private static final class Waiting {
    private final Backoff backoff;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private @Nullable Disposable timer;

    Waiting(Backoff backoff) {
      this.backoff = backoff;
    }
  }
}
