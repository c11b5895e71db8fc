package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AtomicSteps.Answer;
import io.millstream.engine.ClaimArgs;
import io.millstream.entry.EntryId;
import io.millstream.worker.Trouble.Duty;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts back rows that vanished while their leases held. Nobody can have taken these over, so
 * somebody deleted our consumer (XGROUP DELCONSUMER), or destroyed the group and another worker has
 * made it anew where <i>that</i> one had come: without a row, nobody would ever deliver such an
 * entry again. (XCLAIM FORCE makes a row where there is none; the visibility timeout as its
 * min-idle keeps it off rows of others.)
 */
final class Adoption {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final WorkerContext worker;

  Adoption(WorkerContext worker) {
    this.worker = worker;
  }

  /**
   * Entries whose rows are to be put back.
   *
   * @param phase the phase of all of them: one that has left it meanwhile is settled, released or
   *     lost, and needs no row
   * @param back it is ours again, with the count that it has here
   * @param lost somebody else has it
   */
  private record Case(List<Held> entries, Phase phase, Consumer<Held> back, Consumer<Held> lost) {
    Case of(List<Held> some) {
      return new Case(some, phase, back, lost);
    }
  }

  /**
   * Puts rows back.
   *
   * @param vanished at most {@value AtomicSteps#MAX_IDS}, in any phases
   * @param back is told of each that is ours again, with the count that it has here
   * @param lost is told of each that somebody else has
   */
  void adopt(List<Held> vanished, Consumer<Held> back, Consumer<Held> lost) {
    record Alike(Phase phase, long count) {}
    Map<Alike, List<Held>> alike = new LinkedHashMap<>();
    for (Held held : vanished) {
      alike
          .computeIfAbsent(new Alike(held.phase(), held.count), key -> new ArrayList<>())
          .add(held);
    }
    alike.forEach((key, entries) -> put(new Case(entries, key.phase(), back, lost), key.count()));
  }

  private void put(Case asked, long count) {
    List<Held> current = current(asked);
    if (current.isEmpty()) {
      worker.attempts().nothingToDo(Duty.ADOPT);
      return;
    }
    long now = worker.loop().nanos();
    worker
        .loop()
        .ask(
            worker
                .groups()
                .claimJustId(
                    worker.stream(),
                    worker.group(),
                    worker.consumer(),
                    worker.settings().times().visibilityTimeout(),
                    current.stream().map(held -> held.id).toList(),
                    new ClaimArgs(null, null, count, true, null)),
            ids -> {
              worker.attempts().succeeded(Duty.ADOPT);
              if (!ids.isEmpty()) {
                log.warn("{}: put back {} rows that were gone", worker.name(), ids.size());
              }
              Set<EntryId> ours = new HashSet<>(ids);
              List<Held> missed = new ArrayList<>(0);
              for (Held held : current) {
                if (ours.contains(held.id)) {
                  ours(held, asked, now);
                } else {
                  missed.add(held);
                }
              }
              look(asked.of(missed));
            },
            error -> worker.attempts().failed(Duty.ADOPT, error, () -> put(asked, count)));
  }

  /**
   * A row that is not idle is left alone: it may be another's, or our own, put back by an earlier
   * try whose reply was lost, or by a read.
   */
  private void look(Case asked) {
    List<Held> current = current(asked);
    if (current.isEmpty()) {
      return;
    }
    long now = worker.loop().nanos();
    worker
        .loop()
        .ask(
            worker
                .steps()
                .renew(
                    worker.stream(),
                    worker.group(),
                    worker.consumer(),
                    current.stream()
                        .map(held -> new AtomicSteps.Held(held.id, held.count))
                        .toList()),
            answers -> {
              worker.attempts().succeeded(Duty.ADOPT);
              for (int i = 0; i < current.size(); i++) {
                Held held = current.get(i);
                if (answers.get(i) != Answer.NOT_OURS) {
                  ours(held, asked, now); // or deleted by now, which is no loss of a lease
                } else if (isIn(held, asked.phase())) {
                  asked.lost().accept(held);
                }
              }
            },
            error -> worker.attempts().failed(Duty.ADOPT, error, () -> look(asked)));
  }

  /**
   * An entry that is held was read anew, and its row may have count 1 again: counts it up to what
   * it was, or starts would outnumber it. Step by step, for each step is fenced.
   */
  void recount(Held held) {
    recount(held, 1);
  }

  private void recount(Held held, long from) {
    if (from >= held.count || !worker.inFlight().holds(held)) {
      return;
    }
    worker
        .loop()
        .ask(
            worker
                .steps()
                .redeliver(
                    worker.stream(), worker.group(), worker.consumer(), from, List.of(held.id)),
            answers -> {
              worker.attempts().succeeded(Duty.ADOPT);
              if (answers.get(0).answer() == Answer.DONE) {
                recount(held, from + 1);
              }
            },
            error -> worker.attempts().failed(Duty.ADOPT, error, () -> recount(held, from)));
  }

  private void ours(Held held, Case asked, long now) {
    held.leasedNanos = now;
    if (isIn(held, asked.phase())) {
      asked.back().accept(held);
    }
  }

  private List<Held> current(Case asked) {
    return asked.entries().stream().filter(held -> isIn(held, asked.phase())).toList();
  }

  private boolean isIn(Held held, Phase phase) {
    return worker.inFlight().holds(held) && held.phase() == phase;
  }
}
