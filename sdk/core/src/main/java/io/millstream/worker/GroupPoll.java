package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.Engine;
import io.millstream.engine.GroupInfo;
import io.millstream.engine.PendingSummary;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.observe.GroupObserver;
import io.millstream.observe.GroupState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Looks at the groups of this process, for meters: one timer, and for each group five commands that
 * cost the server next to nothing (TIME in a script that does nothing else, XLEN of the stream and
 * of the dead letters, XINFO GROUPS, XPENDING without a range). Not at the stream itself: XINFO
 * STREAM would bring the payloads of two entries each time.
 *
 * <p>In trouble it says nothing, for the workers do; what it knows is then unknown. Safe for use by
 * several threads.
 */
final class GroupPoll {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** The first look: a group that was just joined is there by then. */
  private static final Duration FIRST = Duration.ofSeconds(1);

  /** An answer that took longer does not tell what time it is. */
  private static final long PROMPT_NANOS = Duration.ofSeconds(1).toNanos();

  private final Engine engine;
  private final Scheduler scheduler;
  private final GroupObserver observer;
  private final Map<Key, Watched> groups = new ConcurrentHashMap<>(); // changed under the lock
  private boolean ticking; // guarded by the lock

  private record Key(String stream, String group) {}

  GroupPoll(Engine engine, Scheduler scheduler, GroupObserver observer) {
    this.engine = engine;
    this.scheduler = scheduler;
    this.observer = observer;
  }

  /** A group, and how many workers here are members of it. */
  private static final class Watched {
    final String deadLetters;
    int workers;
    volatile @Nullable Duration serverAhead; // of our scheduler's NANOSECONDS
    volatile boolean refusalSaid;

    Watched(String deadLetters) {
      this.deadLetters = deadLetters;
    }
  }

  /** A worker's share in it. */
  interface Watch extends Disposable {
    /** Nobody wants to know. */
    Watch NONE =
        new Watch() {
          @Override
          public @Nullable Instant serverTime() {
            return null;
          }

          @Override
          public void dispose() {}
        };

    /** What the server's clock says, or null if that is not known. */
    @Nullable Instant serverTime();
  }

  /** From now on a group is looked at, until all who asked for that have disposed of it. */
  synchronized Watch watch(String stream, String group, String deadLetters) {
    Key key = new Key(stream, group);
    Watched watched = groups.computeIfAbsent(key, k -> new Watched(deadLetters));
    watched.workers++;
    if (!ticking) {
      schedule(FIRST);
    }
    Disposable once = Disposables.composite(() -> leave(key, watched));
    return new Watch() {
      @Override
      public @Nullable Instant serverTime() {
        Duration ahead = watched.serverAhead;
        return ahead == null ? null : Instant.EPOCH.plus(ahead).plusNanos(nanos());
      }

      @Override
      public void dispose() {
        once.dispose();
      }
    };
  }

  private synchronized void leave(Key key, Watched watched) {
    if (--watched.workers > 0) {
      return;
    }
    groups.remove(key);
    observer.left(key.stream(), key.group());
  }

  private synchronized void schedule(Duration delay) {
    try {
      scheduler.schedule(this::look, delay.toNanos(), TimeUnit.NANOSECONDS);
      ticking = true;
    } catch (RejectedExecutionException e) {
      ticking = false; // its threads have ended, and so will the workers
    }
  }

  /** The next look comes when all of this one was answered, so that none piles up. */
  private void look() {
    Flux.fromIterable(groups.entrySet())
        .flatMap(each -> look(each.getKey(), each.getValue()))
        .subscribe(null, error -> again(), this::again);
  }

  private synchronized void again() {
    if (groups.isEmpty()) {
      ticking = false;
    } else {
      schedule(observer.every());
    }
  }

  private Mono<Void> look(Key key, Watched watched) {
    return Mono.zipDelayError( // one error is said, none is dropped
            serverTime(key, watched),
            engine.streams().length(key.stream()),
            engine.groups().infoGroups(key.stream()),
            engine.groups().pending(key.stream(), key.group()),
            engine.streams().length(watched.deadLetters))
        .doOnNext(
            all -> {
              watched.refusalSaid = false;
              GroupInfo info = named(key.group(), all.getT3());
              tell(
                  key,
                  info == null
                      ? null
                      : new GroupState(
                          all.getT2(),
                          info.lag(),
                          info.pending(),
                          age(all.getT4(), all.getT1()),
                          info.consumers(),
                          all.getT5()));
            })
        .doOnError(error -> failed(key, watched, error))
        .onErrorComplete()
        .then();
  }

  private Mono<Instant> serverTime(Key key, Watched watched) {
    return Mono.defer(
        () -> {
          long asked = nanos();
          // refused whatever the time is: it tells the time, and does nothing
          return engine
              .steps()
              .takeOver(
                  key.stream(),
                  key.group(),
                  AtomicSteps.RELEASED,
                  WorkerSettings.LONGEST_VISIBILITY,
                  EntryId.MIN,
                  1,
                  Instant.EPOCH)
              .map(
                  answer -> {
                    long took = nanos() - asked;
                    if (took <= PROMPT_NANOS) {
                      watched.serverAhead =
                          Duration.between(
                              Instant.EPOCH.plusNanos(asked + took / 2), answer.serverTime());
                    }
                    return answer.serverTime();
                  });
        });
  }

  /** Told only while somebody wants to hear of the group. */
  private synchronized void tell(Key key, @Nullable GroupState state) {
    if (!groups.containsKey(key)) {
      return;
    }
    if (state == null) {
      observer.unknown(key.stream(), key.group());
    } else {
      observer.seen(key.stream(), key.group(), state);
    }
  }

  private void failed(Key key, Watched watched, Throwable error) {
    tell(key, null);
    Throwable first = Exceptions.unwrapMultiple(error).get(0);
    if (first instanceof RedisException redis && redis.is("NOPERM") && !watched.refusalSaid) {
      watched.refusalSaid = true;
      log.warn(
          "{}/{}: the meters of the group stay empty: {}",
          key.stream(),
          key.group(),
          first.getMessage());
    } else {
      log.debug("{}/{}: cannot be looked at: {}", key.stream(), key.group(), first.getMessage());
    }
  }

  private static @Nullable GroupInfo named(String group, List<GroupInfo> all) {
    return all.stream().filter(each -> each.name().equals(group)).findFirst().orElse(null);
  }

  private static @Nullable Duration age(PendingSummary pending, Instant now) {
    EntryId oldest = pending.min();
    if (oldest == null) {
      return null;
    }
    return Duration.ofMillis(Math.max(0, now.toEpochMilli() - oldest.ms()));
  }

  private long nanos() {
    return scheduler.now(TimeUnit.NANOSECONDS);
  }
}
