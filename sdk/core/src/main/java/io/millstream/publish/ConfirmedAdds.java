package io.millstream.publish;

import io.millstream.engine.AddArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.RedisException;
import io.millstream.engine.Writer;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Scheduler;

/**
 * XADDs that replicas are to confirm, on a connection of their own. WAIT holds up everything behind
 * it: so while one is under way the next entries gather, and one WAIT is for all of them. The
 * connection goes when nothing was written for a while.
 */
final class ConfirmedAdds implements Adds {
  private static final int BATCH = 256;

  private static final int MOST = 16_384;

  private static final Duration IDLE = Duration.ofSeconds(10);

  private record Waiting(Fields fields, AddArgs args, MonoSink<EntryId> sink) {}

  private record Written(Waiting waiting, Signal<EntryId> answer) {}

  private final Engine engine;
  private final String key;
  private final int replicas;
  private final Duration timeout;
  private final Scheduler scheduler;

  private final Object lock = new Object();
  private final Deque<Waiting> queue = new ArrayDeque<>(); // guarded by lock
  private boolean busy; // guarded by lock
  private @Nullable Writer writer; // guarded by lock; used by who has made it busy
  private @Nullable Disposable idle; // guarded by lock

  /**
   * For one stream.
   *
   * @param replicas how many are to confirm
   * @param timeout how long they may take
   * @param scheduler tells when the connection was idle for long enough
   */
  ConfirmedAdds(
      Engine engine, String key, int replicas, Duration timeout, Scheduler scheduler) {
    this.engine = engine;
    this.key = key;
    this.replicas = replicas;
    this.timeout = timeout;
    this.scheduler = scheduler;
  }

  @Override
  public Mono<EntryId> add(String stream, Fields fields, AddArgs args) {
    return Mono.create(sink -> put(new Waiting(fields, args, sink)));
  }

  private void put(Waiting waiting) {
    boolean full;
    synchronized (lock) {
      full = queue.size() >= MOST;
      if (!full) {
        queue.add(waiting);
      }
    }
    if (full) {
      waiting.sink.error(
          new RedisException("BUSY", "BUSY " + MOST + " entries wait to be written already"));
    }
    next();
  }

  private void next() {
    List<Waiting> batch = new ArrayList<>();
    Writer ready;
    synchronized (lock) {
      if (busy || queue.isEmpty()) {
        return;
      }
      busy = true;
      if (idle != null) {
        idle.dispose();
        idle = null;
      }
      while (batch.size() < BATCH && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
      ready = writer;
    }
    Mono<Writer> open = ready == null ? engine.openWriter(key) : Mono.just(ready);
    open.flatMap(opened -> write(opened, batch))
        .subscribe(
            null,
            error -> {
              batch.forEach(waiting -> waiting.sink.error(error));
              done(null);
            });
  }

  private Mono<Void> write(Writer to, List<Waiting> batch) {
    return Flux.fromIterable(batch)
        .flatMapSequential(
            waiting ->
                to.add(key, waiting.fields, waiting.args)
                    .materialize()
                    .map(answer -> new Written(waiting, answer)),
            BATCH)
        .collectList()
        .flatMap(
            written ->
                written.stream().anyMatch(each -> each.answer.hasValue())
                    ? to.awaitReplicas(replicas, timeout)
                        .doOnNext(count -> tell(written, count, null))
                        .thenReturn(intact(written))
                        .onErrorResume(
                            error -> {
                              tell(written, 0, error);
                              return Mono.just(false);
                            })
                    : Mono.fromSupplier(
                        () -> {
                          tell(written, 0, null);
                          return intact(written);
                        }))
        .doOnNext(intact -> done(intact ? to : discarded(to)))
        .then();
  }

  /** Whether the connection is good for more: after an unknown outcome it is given up. */
  private static boolean intact(List<Written> written) {
    return written.stream()
        .noneMatch(
            each ->
                each.answer.getThrowable() instanceof RedisException error
                    && error.outcomeUnknown());
  }

  private void tell(List<Written> written, long confirmed, @Nullable Throwable failure) {
    for (Written each : written) {
      MonoSink<EntryId> sink = each.waiting.sink;
      EntryId id = each.answer.get();
      Throwable error = each.answer.getThrowable();
      if (id == null) {
        sink.error(error == null ? new IllegalStateException("XADD answered nothing") : error);
      } else if (confirmed >= replicas) {
        sink.success(id);
      } else {
        sink.error(new UnconfirmedException(id, confirmed, replicas, failure));
      }
    }
  }

  private static @Nullable Writer discarded(Writer spent) {
    spent.close().subscribe();
    return null;
  }

  private void done(@Nullable Writer kept) {
    synchronized (lock) {
      busy = false;
      writer = kept;
      if (kept != null && queue.isEmpty()) {
        idle = scheduler.schedule(this::letGo, IDLE.toNanos(), TimeUnit.NANOSECONDS);
      }
    }
    next();
  }

  private void letGo() {
    Writer unused;
    synchronized (lock) {
      if (busy) {
        return;
      }
      unused = writer;
      writer = null;
    }
    if (unused != null) {
      unused.close().subscribe();
    }
  }
}
