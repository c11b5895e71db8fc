package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AtomicSteps.Answer;
import io.millstream.worker.Trouble.Duty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews all that is held, three times within a visibility timeout: what runs, what waits for a
 * free handler, for its retry or for its settlement. Learns in passing what was lost and what was
 * deleted.
 */
final class LeaseKeeper {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final WorkerContext worker;
  private final Intake intake;
  private final Adoption adoption;
  private final Runnable freed;
  private int underWay;
  private boolean retrying;
  private boolean once; // to be renewed once more when nothing is under way
  private boolean stopped;

  LeaseKeeper(WorkerContext worker, Intake intake, Adoption adoption, Runnable freed) {
    this.worker = worker;
    this.intake = intake;
    this.adoption = adoption;
    this.freed = freed;
  }

  /** An entry and the count that its renewal was sent with. */
  private record Sent(Held held, long count) {}

  void start() {
    worker.loop().after(worker.settings().times().renewEvery(), this::tick);
  }

  void stop() {
    stopped = true;
  }

  private void tick() {
    if (stopped) {
      return;
    }
    if (underWay == 0) {
      renewAll();
    }
    start();
  }

  /** Renews all that is held, now. */
  void renewAll() {
    List<Sent> sent = new ArrayList<>();
    for (Held held : worker.inFlight().all()) {
      if (renewable(held)) {
        sent.add(new Sent(held, held.count));
      }
    }
    if (sent.isEmpty() && underWay == 0) {
      worker.attempts().nothingToDo(Duty.RENEW);
    }
    // near ids together: the engine looks at ranges
    sent.sort(Comparator.comparing(each -> each.held().id));
    for (int from = 0; from < sent.size(); from += AtomicSteps.MAX_IDS) {
      renew(sent.subList(from, Math.min(sent.size(), from + AtomicSteps.MAX_IDS)));
    }
  }

  private static boolean renewable(Held held) {
    return !held.lost
        && !held.gone
        && !held.abandoned
        && held.phase() != Phase.REDELIVERING
        && held.phase() != Phase.RELEASING;
  }

  private void renew(List<Sent> chunk) {
    underWay++;
    long asked = worker.loop().nanos();
    worker
        .loop()
        .ask(
            worker
                .steps()
                .renew(
                    worker.stream(),
                    worker.group(),
                    worker.consumer(),
                    chunk.stream()
                        .map(each -> new AtomicSteps.Held(each.held().id, each.count()))
                        .toList()),
            answers -> {
              underWay--;
              worker.attempts().succeeded(Duty.RENEW);
              List<Held> vanished = new ArrayList<>(0);
              for (int i = 0; i < chunk.size(); i++) {
                answered(chunk.get(i), answers.get(i), asked, vanished);
              }
              adoption.adopt(vanished, back -> {}, this::lost);
              if (once && underWay == 0) {
                once = false;
                retry();
              }
            },
            error -> {
              underWay--;
              if (retrying) {
                worker.attempts().met(Duty.RENEW, error);
              } else {
                // well before the next tick: leases run
                retrying = true;
                worker.attempts().failed(Duty.RENEW, error, this::retry);
              }
            });
  }

  private void retry() {
    retrying = false;
    if (underWay > 0) {
      once = true; // what is under way first
    } else if (!stopped) {
      renewAll();
    }
  }

  private void answered(Sent sent, Answer answer, long asked, List<Held> vanished) {
    Held held = sent.held();
    boolean current =
        worker.inFlight().holds(held) && held.count == sent.count() && !held.phase().stepUnderWay();
    if (!current) {
      return; // overtaken: the answer is about another state of the row
    }
    switch (answer) {
      case DONE -> held.leasedNanos = asked;
      case GONE -> held.gone = true;
      case NOT_OURS -> {
        if (worker.leased(held)) {
          vanished.add(held);
        } else {
          lost(held);
        }
      }
    }
  }

  private void lost(Held held) {
    if (held.lost || held.phase().stepUnderWay()) {
      return; // that step will learn it too
    }
    log.warn("{}: lost the lease of {} (delivery {})", worker.name(), held.id, held.count);
    worker.observer().leaseLost();
    held.lost = true;
    Run run = held.run;
    if (run == null) {
      if (held.phase() == Phase.WAITING) {
        intake.unsure();
      }
      worker.inFlight().remove(held);
      freed.run();
    } else {
      intake.unsure();
      run.lost(); // stays in flight until the handler has really ended
    }
  }
}
