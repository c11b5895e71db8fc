package io.millstream.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.codec.RedriveMark;
import io.millstream.message.Outcome;
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
  private final byte[] group;
  private int underWay;

  Runs(WorkerContext worker, Invoker invoker, Gate gate, Next next) {
    this.worker = worker;
    this.invoker = invoker;
    this.gate = gate;
    this.clock = new HandlerClock(worker.loop(), worker.settings().times().handlerTimeout());
    this.next = next;
    this.group = worker.group().getBytes(UTF_8);
  }

  /** How many handler calls there are. */
  int count() {
    return underWay;
  }

  /** Calls the handler, but not for what was redriven for another group. */
  void start(List<Held> all) {
    List<Held> batch = forUs(all);
    if (batch.isEmpty()) {
      return;
    }
    underWay++;
    Run run = new Run(batch, worker.loop().nanos());
    List<Delivery> deliveries = new ArrayList<>(batch.size());
    for (Held held : batch) {
      worker.inFlight().move(held, Phase.RUNNING);
      held.run = run;
      deliveries.add(new Delivery(held.id, Objects.requireNonNull(held.fields), held.count));
    }
    clock.started(run);
    worker.observer().delivered(batch.size());
    batch.forEach(held -> worker.observer().started(held.id, held.count));
    run.called(
        invoker.invoke(
            deliveries, settlements -> worker.loop().execute(() -> ended(run, settlements))));
  }

  /** What is for others is done with, as far as our group is concerned. */
  private List<Held> forUs(List<Held> all) {
    List<Held> others = new ArrayList<>(0);
    for (Held held : all) {
      if (RedriveMark.isForOtherThan(group, Objects.requireNonNull(held.fields))) {
        others.add(held);
      }
    }
    if (others.isEmpty()) {
      return all;
    }
    List<Held> ours = new ArrayList<>(all);
    for (Held held : others) {
      ours.remove(held);
      gate.giveBack(held);
      next.settle(held, new Settlement.Ending.Said(Outcome.ack()), false);
    }
    return ours;
  }

  /** Cancels all handlers. */
  void abortAll() {
    for (Held held : List.copyOf(worker.inFlight().all())) {
      if (held.run != null) {
        held.run.abort();
      }
    }
  }

  private void ended(Run run, List<Settlement> settlements) {
    underWay--;
    run.end();
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
