package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AtomicSteps.Redelivered;
import io.millstream.engine.RedisException;
import io.millstream.worker.Trouble.Duty;
import io.millstream.worker.WorkerSettings.Capacity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives handlers their work: due retries first, then what was recovered, then what was read. The
 * former two are counted (redelivered) just before they start, when a handler is free for them.
 * Confined to the loop.
 */
final class Dispatcher {
  /** How the road goes on behind the dispatcher. */
  interface Next {
    /** A delivery has really ended. */
    void settle(Held held, Settlement.Ending ending, boolean timedOut);

    /** An entry that had failed before was deleted while it waited. */
    void goneWhileWaiting(Held held);

    /** An entry turned out to be somebody else's. */
    void lost(Held held, Phase before);

    /** There is room for more. */
    void freed();
  }

  private final WorkerContext worker;
  private final Capacity capacity;
  private final Invoker invoker;
  private final HandlerClock clock;
  private final Next next;
  private final Backoff backoff;

  private final Deque<Held> due = new ArrayDeque<>();
  private final Deque<Held> recovered = new ArrayDeque<>();
  private final Deque<Held> lastChance = new ArrayDeque<>();
  private final Deque<Held> redelivered = new ArrayDeque<>();
  private final Deque<Held> fresh = new ArrayDeque<>();
  private int runs;
  private @Nullable Held
      alone; // the recovered entry on its last delivery that has the worker to itself
  private boolean open = true;
  private boolean resting; // Redis could not count; wait for the backoff

  Dispatcher(WorkerContext worker, Invoker invoker, Next next) {
    this.worker = worker;
    this.capacity = worker.settings().capacity();
    this.invoker = invoker;
    this.clock = new HandlerClock(worker.loop(), worker.settings().times().handlerTimeout());
    this.next = next;
    this.backoff = worker.backoff();
  }

  /** New entries, counted by their read. */
  void fresh(List<Held> entries) {
    fresh.addAll(entries);
    pump();
  }

  /** Entries whose backoff has ended. */
  void due(List<Held> entries) {
    due.addAll(entries);
    pump();
  }

  /**
   * An entry that was taken over, or found under our name; it starts with the next {@link #pump}.
   */
  void recovered(Held held, boolean lastDelivery) {
    (lastDelivery ? lastChance : recovered).add(held);
  }

  /** How many entries may run or be ready to. */
  int capacity() {
    return capacity.places() + capacity.readAhead();
  }

  /** How many more new entries can be held. */
  int room() {
    return clogged()
        ? 0
        : capacity() - inPhase(Phase.READY) - inPhase(Phase.RUNNING) - inPhase(Phase.REDELIVERING);
  }

  /** Whether handlers would go short if nothing were read. */
  boolean hungry() {
    return fresh.isEmpty();
  }

  /**
   * How many more recovered entries can be held: as many as handlers are free for, and never less
   * than a small allowance that neither a read nor busy handlers take away.
   */
  int recoveryRoom() {
    int allowance = Math.max(freePlaces(), 1 + capacity.places() / 16);
    return clogged() ? 0 : allowance - inPhase(Phase.CLAIMED);
  }

  private int freePlaces() {
    return capacity.places()
        - inPhase(Phase.RUNNING)
        - inPhase(Phase.REDELIVERING)
        - redelivered.size();
  }

  /** What Redis has not confirmed is bounded too. */
  private boolean clogged() {
    return inPhase(Phase.SETTLING) + inPhase(Phase.RELEASING) > 2 * capacity() + 1_000;
  }

  /** Starts nothing more. */
  void close() {
    open = false;
  }

  /** Whether no handler runs and no delivery is being counted. */
  boolean idle() {
    return runs == 0 && inPhase(Phase.REDELIVERING) == 0;
  }

  /** Cancels all handlers. */
  void abortAll() {
    for (Held held : worker.inFlight().all()) {
      if (held.run != null) {
        held.run.abort();
      }
    }
  }

  /** Starts what can be started. */
  void pump() {
    if (!open) {
      return;
    }
    if (alone != null && !worker.inFlight().holds(alone)) {
      alone = null;
    }
    if (alone != null || !lastChance.isEmpty()) {
      goAlone();
      return;
    }
    count();
    start();
  }

  /**
   * Poison that ends the JVM must not take its neighbours along: on its last delivery it runs by
   * itself.
   */
  private void goAlone() {
    if (!idle()) {
      return;
    }
    if (alone == null) {
      Held first = lastChance.remove();
      if (usable(first, Phase.CLAIMED)) {
        alone = first;
        redeliver(first.countBeforeNext(), List.of(first));
      } else {
        pump();
      }
    } else if (alone.phase() == Phase.READY) {
      redelivered.remove(alone);
      run(List.of(alone));
    } else if (alone.phase() == Phase.CLAIMED && !resting) {
      redeliver(alone.countBeforeNext(), List.of(alone));
    }
  }

  private void count() {
    int free = freePlaces();
    if (resting || free <= 0 || (due.isEmpty() && recovered.isEmpty())) {
      return;
    }
    Map<Long, List<Held>> byCount = new LinkedHashMap<>();
    free -= take(due, Phase.WAITING, free, byCount);
    take(recovered, Phase.CLAIMED, free, byCount);
    byCount.forEach(
        (count, entries) -> {
          for (int from = 0; from < entries.size(); from += AtomicSteps.MAX_IDS) {
            redeliver(
                count, entries.subList(from, Math.min(entries.size(), from + AtomicSteps.MAX_IDS)));
          }
        });
  }

  private int take(Deque<Held> queue, Phase phase, int most, Map<Long, List<Held>> byCount) {
    int taken = 0;
    while (taken < most && !queue.isEmpty()) {
      Held held = queue.remove();
      if (usable(held, phase)) {
        byCount.computeIfAbsent(held.countBeforeNext(), c -> new ArrayList<>()).add(held);
        taken++;
      }
    }
    return taken;
  }

  private void redeliver(long count, List<Held> entries) {
    Phase before = entries.get(0).phase();
    entries.forEach(held -> worker.inFlight().move(held, Phase.REDELIVERING));
    worker
        .loop()
        .ask(
            worker
                .steps()
                .redeliver(
                    worker.stream(),
                    worker.group(),
                    worker.consumer(),
                    count,
                    entries.stream().map(held -> held.id).toList()),
            answers -> counted(entries, before, count, answers),
            error -> notCounted(entries, before, error));
  }

  private void counted(List<Held> entries, Phase before, long count, List<Redelivered> answers) {
    worker.succeeded(Duty.REDELIVER, backoff);
    for (int i = 0; i < entries.size(); i++) {
      Held held = entries.get(i);
      Redelivered answer = answers.get(i);
      switch (answer.answer()) {
        case DONE -> {
          held.count = count + 1;
          held.counted = false;
          held.fields = answer.entry() == null ? null : answer.entry().fields();
          worker.inFlight().move(held, Phase.READY);
          redelivered.add(held);
        }
        case NOT_OURS -> {
          worker.inFlight().remove(held);
          next.lost(held, before);
        }
        case GONE -> {
          if (before == Phase.WAITING) {
            worker.inFlight().move(held, Phase.WAITING);
            next.goneWhileWaiting(held);
          } else {
            worker.inFlight().remove(held);
          }
        }
      }
      if (held == alone && !worker.inFlight().holds(held)) {
        alone = null;
      }
    }
    pump();
    next.freed();
  }

  private void notCounted(List<Held> entries, Phase before, RedisException error) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      Held held = entries.get(i);
      worker.inFlight().move(held, before);
      if (held != alone) {
        (before == Phase.WAITING ? due : recovered).addFirst(held);
      }
    }
    resting = true;
    worker.tryAgain(
        Duty.REDELIVER,
        error,
        backoff,
        () -> {
          resting = false;
          pump();
        });
  }

  private void start() {
    // a place for each entry that is being counted: it goes before new ones
    int reserved = (inPhase(Phase.REDELIVERING) + capacity.batchSize() - 1) / capacity.batchSize();
    while (runs < capacity.concurrency()) {
      List<Held> batch = new ArrayList<>(capacity.batchSize());
      fill(batch, redelivered);
      if (!batch.isEmpty() || runs + reserved < capacity.concurrency()) {
        fill(batch, fresh);
      }
      if (batch.isEmpty()) {
        return;
      }
      run(batch);
    }
  }

  private void fill(List<Held> batch, Deque<Held> queue) {
    while (batch.size() < capacity.batchSize() && !queue.isEmpty()) {
      Held held = queue.remove();
      if (usable(held, Phase.READY)) {
        batch.add(held);
      }
    }
  }

  private void run(List<Held> batch) {
    runs++;
    Run run = new Run(batch, worker.loop().nanos());
    List<Delivery> deliveries = new ArrayList<>(batch.size());
    for (Held held : batch) {
      worker.inFlight().move(held, Phase.RUNNING);
      held.run = run;
      deliveries.add(
          new Delivery(held.id, java.util.Objects.requireNonNull(held.fields), held.count));
    }
    clock.started(run);
    worker.observer().delivered(batch.size());
    run.called(
        invoker.invoke(
            deliveries, settlements -> worker.loop().execute(() -> ended(run, settlements))));
  }

  private void ended(Run run, List<Settlement> settlements) {
    runs--;
    run.end();
    clock.ended();
    Duration time = Duration.ofNanos(worker.loop().nanos() - run.startedNanos());
    for (Settlement settlement : settlements) {
      Held held = worker.inFlight().get(settlement.id());
      if (held == null || held.run != run) {
        continue;
      }
      held.run = null;
      if (held == alone) {
        alone = null;
      }
      worker.observer().handled(time, settlement.ending() instanceof Settlement.Ending.Said);
      next.settle(held, settlement.ending(), run.timedOut());
    }
    pump();
    next.freed();
  }

  private boolean usable(Held held, Phase phase) {
    return worker.inFlight().holds(held) && held.phase() == phase && !held.lost;
  }

  private int inPhase(Phase phase) {
    return worker.inFlight().count(phase);
  }
}
