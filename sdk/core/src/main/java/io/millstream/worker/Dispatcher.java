package io.millstream.worker;

import io.millstream.worker.WorkerSettings.Capacity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives handlers their work: due retries first, then what was recovered, then what was read. The
 * former two are counted (redelivered) just before they start, when a handler is free for them.
 * Confined to the loop.
 */
final class Dispatcher implements Redelivery.Next {
  /** What the dispatcher needs of the others. */
  interface Next {
    /** An entry that had failed before was deleted while it waited. */
    void goneWhileWaiting(Held held);

    /** An entry turned out to be somebody else's. */
    void lost(Held held, Phase before);

    /** There is room for more. */
    void freed();
  }

  private final WorkerContext worker;
  private final Capacity capacity;
  private final Gate gate;
  private final Runs runs;
  private final Redelivery redelivery;
  private final Next next;

  private final Deque<Held> due = new ArrayDeque<>();
  private final Deque<Held> recovered = new ArrayDeque<>();
  private final Deque<Held> lastChance = new ArrayDeque<>();
  private final Deque<Held> redelivered = new ArrayDeque<>();
  private final Deque<Held> fresh = new ArrayDeque<>();
  private @Nullable Held
      alone; // the recovered entry on its last delivery that has the worker to itself
  private boolean open = true;

  Dispatcher(WorkerContext worker, Gate gate, Runs runs, Adoption adoption, Next next) {
    this.worker = worker;
    this.capacity = worker.settings().capacity();
    this.gate = gate;
    this.runs = runs;
    this.redelivery = new Redelivery(worker, adoption, this);
    this.next = next;
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

  /** Starts nothing more until it is opened again. What is queued may be given back meanwhile. */
  void close() {
    open = false;
    redelivered.forEach(gate::giveBack);
  }

  /**
   * Starts again what is still held. What was given back is let go now: while all handlers are busy
   * nothing else looks at the queues, and each pause would leave some behind.
   */
  void open() {
    open = true;
    due.removeIf(held -> !usable(held, Phase.WAITING));
    recovered.removeIf(held -> !usable(held, Phase.CLAIMED));
    redelivered.removeIf(held -> !usable(held, Phase.READY));
    fresh.removeIf(held -> !usable(held, Phase.READY));
    pump();
  }

  /** How many entries its queues name, usable or not. */
  int queued() {
    return due.size() + recovered.size() + lastChance.size() + redelivered.size() + fresh.size();
  }

  /** Whether no handler runs and no delivery is being counted. */
  boolean idle() {
    return runs.count() == 0 && inPhase(Phase.REDELIVERING) == 0;
  }

  /** Starts what can be started. */
  void pump() {
    if (open) {
      startAll();
      runs.handOver();
    }
  }

  private void startAll() {
    if (alone != null && !mayRunAlone(alone)) {
      alone = null;
    }
    while (!lastChance.isEmpty() && !usable(lastChance.element(), Phase.CLAIMED)) {
      gate.giveBack(lastChance.remove());
    }
    if (alone != null || !lastChance.isEmpty()) {
      goAlone();
      return;
    }
    count();
    start();
  }

  /** A delivery has ended: if it had the worker to itself, it has so no more. */
  void ended(Held held) {
    if (held == alone) {
      alone = null;
    }
  }

  private boolean mayRunAlone(Held held) {
    return worker.inFlight().holds(held)
        && switch (held.phase()) {
          case CLAIMED, REDELIVERING, READY, RUNNING -> true;
          case WAITING, SETTLING, RELEASING -> false;
        };
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
      alone = lastChance.remove();
    }
    if (alone.phase() == Phase.READY) {
      if (gate.admits(alone)) {
        redelivered.remove(alone);
        runs.start(List.of(alone));
      }
    } else if (alone.phase() == Phase.CLAIMED && !redelivery.resting() && gate.admits(alone)) {
      redelivery.ask(List.of(alone));
    }
  }

  private void count() {
    int free = freePlaces();
    if (redelivery.resting() || free <= 0) {
      return;
    }
    List<Held> retries = take(due, Phase.WAITING, free);
    List<Held> others = take(recovered, Phase.CLAIMED, free - retries.size());
    redelivery.ask(retries);
    redelivery.ask(others);
  }

  private static List<Held> and(List<Held> some, List<Held> more) {
    if (some.isEmpty()) {
      return more;
    }
    some.addAll(more);
    return some;
  }

  /** From the head of a queue, what may be started. */
  private List<Held> take(Deque<Held> queue, Phase phase, int most) {
    if (queue.isEmpty()) {
      return List.of();
    }
    List<Held> taken = new ArrayList<>(Math.min(most, queue.size()));
    while (taken.size() < most && !queue.isEmpty()) {
      Held held = queue.element();
      if (!usable(held, phase)) {
        gate.giveBack(queue.remove());
      } else if (gate.admits(held)) {
        taken.add(queue.remove());
      } else {
        break;
      }
    }
    return taken;
  }

  private void start() {
    // a place for each entry that is being counted: it goes before new ones
    int reserved = (inPhase(Phase.REDELIVERING) + capacity.batchSize() - 1) / capacity.batchSize();
    while (runs.count() < capacity.concurrency()) {
      List<Held> batch = take(redelivered, Phase.READY, capacity.batchSize());
      if (!batch.isEmpty() || runs.count() + reserved < capacity.concurrency()) {
        batch = and(batch, take(fresh, Phase.READY, capacity.batchSize() - batch.size()));
      }
      if (batch.isEmpty()) {
        return;
      }
      runs.start(batch);
    }
  }

  // --- what became of what was counted

  @Override
  public void counted(Held held) {
    redelivered.add(held);
    if (!open) {
      gate.giveBack(held);
    }
  }

  @Override
  public void notCounted(Held held) {
    gate.giveBack(held);
    if (held != alone) {
      (held.phase() == Phase.WAITING ? due : recovered).addFirst(held);
    }
  }

  @Override
  public void lost(Held held, Phase before) {
    gate.giveBack(held);
    next.lost(held, before);
  }

  @Override
  public void goneWhileWaiting(Held held) {
    gate.giveBack(held);
    next.goneWhileWaiting(held);
  }

  @Override
  public void gone(Held held) {
    gate.giveBack(held);
  }

  @Override
  public void answered() {
    next.freed();
  }

  private boolean usable(Held held, Phase phase) {
    return worker.inFlight().holds(held) && held.phase() == phase && !held.lost;
  }

  private int inPhase(Phase phase) {
    return worker.inFlight().count(phase);
  }
}
