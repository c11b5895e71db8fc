package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AtomicSteps.Redelivered;
import io.millstream.engine.RedisException;
import io.millstream.worker.Trouble.Duty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Counts deliveries in Redis, just before their handlers start, and brings the entries with it (the
 * atomic step redeliver). Confined to the loop.
 */
final class Redelivery {
  /** What becomes of what was to be counted. */
  interface Next {
    /** Counted: it is READY. */
    void counted(Held held);

    /** Not counted, for Redis refused, or its row had to be put back: once more. */
    void notCounted(Held held);

    /** Somebody else has it; it is held no more. */
    void lost(Held held, Phase before);

    /** It was deleted while it waited for its retry. */
    void goneWhileWaiting(Held held);

    /** It was deleted; it is held no more. */
    void gone(Held held);

    /** All answers of a call were told. */
    void answered();
  }

  private final WorkerContext worker;
  private final Adoption adoption;
  private final Next next;
  private boolean resting;

  Redelivery(WorkerContext worker, Adoption adoption, Next next) {
    this.worker = worker;
    this.adoption = adoption;
    this.next = next;
  }

  /** Whether Redis could not count, and a backoff is waited out. */
  boolean resting() {
    return resting;
  }

  /** Counts these, which are all in the same phase. */
  void ask(List<Held> entries) {
    Map<Long, List<Held>> byCount = new LinkedHashMap<>();
    for (Held held : entries) {
      byCount.computeIfAbsent(held.countBeforeNext(), count -> new ArrayList<>()).add(held);
    }
    byCount.forEach(
        (count, equal) -> {
          for (int from = 0; from < equal.size(); from += AtomicSteps.MAX_IDS) {
            ask(count, equal.subList(from, Math.min(equal.size(), from + AtomicSteps.MAX_IDS)));
          }
        });
  }

  private void ask(long count, List<Held> chunk) {
    Phase before = chunk.get(0).phase();
    chunk.forEach(held -> worker.inFlight().move(held, Phase.REDELIVERING));
    send(count, chunk, before, false);
  }

  /**
   * Asks, until it is known what became of them.
   *
   * @param perhapsCounted whether an earlier try may have taken effect, its reply lost
   */
  private void send(long count, List<Held> chunk, Phase before, boolean perhapsCounted) {
    long asked = worker.loop().nanos();
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
                    chunk.stream().map(held -> held.id).toList()),
            answers -> {
              worker.attempts().succeeded(Duty.REDELIVER);
              for (int i = 0; i < chunk.size(); i++) {
                answered(chunk.get(i), before, asked, answers.get(i));
              }
              next.answered();
            },
            error -> {
              if (perhapsCounted || error.outcomeUnknown()) {
                worker
                    .attempts()
                    .failed(Duty.REDELIVER, error, () -> send(count, chunk, before, true));
              } else {
                refused(chunk, before, error);
              }
            });
  }

  private void answered(Held held, Phase before, long asked, Redelivered answer) {
    switch (answer.answer()) {
      case DONE -> {
        held.count = held.countBeforeNext() + 1;
        held.counted = false;
        held.fields = Objects.requireNonNull(answer.entry()).fields();
        held.leasedNanos = asked;
        worker.inFlight().move(held, Phase.READY);
        next.counted(held);
      }
      case NOT_OURS -> {
        if (worker.leased(held)) {
          putBack(held, before);
        } else {
          lost(held, before);
        }
      }
      case GONE -> {
        if (before == Phase.WAITING) {
          worker.inFlight().move(held, Phase.WAITING);
          next.goneWhileWaiting(held);
        } else {
          worker.inFlight().remove(held);
          next.gone(held);
        }
      }
    }
  }

  private void putBack(Held held, Phase before) {
    adoption.adopt(
        List.of(held),
        back -> {
          worker.inFlight().move(back, before);
          next.notCounted(back);
          next.answered();
        },
        lost -> {
          lost(lost, before);
          next.answered();
        });
  }

  private void lost(Held held, Phase before) {
    worker.inFlight().remove(held);
    next.lost(held, before);
  }

  /** Redis did nothing: they are what they were. */
  private void refused(List<Held> chunk, Phase before, RedisException error) {
    for (int i = chunk.size() - 1; i >= 0; i--) {
      Held held = chunk.get(i);
      worker.inFlight().move(held, before);
      next.notCounted(held);
    }
    if (resting) {
      worker.attempts().met(Duty.REDELIVER, error);
      return;
    }
    resting = true;
    worker
        .attempts()
        .failed(
            Duty.REDELIVER,
            error,
            () -> {
              resting = false;
              next.answered();
              if (!resting && worker.inFlight().count(Phase.REDELIVERING) == 0) {
                worker.attempts().nothingToDo(Duty.REDELIVER);
              }
            });
  }
}
