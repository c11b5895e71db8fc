package io.millstream.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The handler calls that are under way. Confined to the loop. */
final class Runs {
  /** How the road goes on behind a handler. */
  interface Next {
    /** A delivery has really ended. */
    void settle(Held held, Settlement.Ending ending, boolean timedOut);

    /** All deliveries of a call were settled, and its place is free. */
    void placeFree();
  }

  private final WorkerContext worker;
  private final Invoker invoker;
  private final Gate gate;
  private final HandlerClock clock;
  private final Next next;
  private int underWay;

  Runs(WorkerContext worker, Invoker invoker, Gate gate, Next next) {
    this.worker = worker;
    this.invoker = invoker;
    this.gate = gate;
    this.clock = new HandlerClock(worker.loop(), worker.settings().times().handlerTimeout());
    this.next = next;
  }

  /** How many handler calls there are. */
  int count() {
    return underWay;
  }

  /** Calls the handler. */
  void start(List<Held> batch) {
    underWay++;
    Run run = new Run(this, worker.loop(), batch, worker.loop().nanos());
    List<Delivery> deliveries = new ArrayList<>(batch.size());
    for (Held held : batch) {
      worker.inFlight().move(held, Phase.RUNNING);
      held.run = run;
      deliveries.add(new Delivery(held.id, Objects.requireNonNull(held.fields), held.count));
    }
    clock.started(run);
    worker.observer().delivered(batch.size());
    run.called(invoker.invoke(deliveries, run));
  }

  /** All that was started goes to the threads for handlers. */
  void handOver() {
    invoker.handOver();
  }

  /** Cancels all handlers. */
  void abortAll() {
    for (Held held : List.copyOf(worker.inFlight().all())) {
      if (held.run != null) {
        held.run.abort();
      }
    }
  }

  /** A handler has really ended. */
  void ended(Run run, List<Settlement> settlements) {
    underWay--;
    clock.ended();
    Duration time = Duration.ofNanos(worker.loop().nanos() - run.startedNanos());
    for (Settlement settlement : settlements) {
      Held held = worker.inFlight().get(settlement.id());
      if (held == null || held.run != run) {
        continue;
      }
      held.run = null;
      gate.ended(held, settlement.ending(), run.timedOut(), time);
      worker.observer().handled(time, settlement.ending() instanceof Settlement.Ending.Said);
      next.settle(held, settlement.ending(), run.timedOut());
    }
    next.placeFree();
  }
}
