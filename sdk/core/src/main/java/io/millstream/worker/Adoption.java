package io.millstream.worker;

import io.millstream.engine.ClaimArgs;
import io.millstream.engine.RedisException;
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
   * Puts rows back. Each entry is told of once, later, unless it is held no more by then.
   *
   * @param back it is ours again, with the count that it has here
   * @param lost somebody else has it
   */
  void adopt(List<Held> vanished, Consumer<Held> back, Consumer<Held> lost) {
    Map<Long, List<Held>> byCount = new LinkedHashMap<>();
    for (Held held : vanished) {
      byCount.computeIfAbsent(held.count, count -> new ArrayList<>()).add(held);
    }
    byCount.forEach((count, equal) -> ask(count, equal, back, lost));
  }

  private void ask(long count, List<Held> equal, Consumer<Held> back, Consumer<Held> lost) {
    long asked = worker.loop().nanos();
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
                    equal.stream().map(held -> held.id).toList(),
                    new ClaimArgs(null, null, count, true, null)),
            ids -> {
              worker.attempts().succeeded(Duty.ADOPT);
              log.warn(
                  "{}: {} rows were gone from the group, put back {}",
                  worker.name(),
                  equal.size(),
                  ids.size());
              Set<EntryId> ours = new HashSet<>(ids);
              for (Held held : equal) {
                if (ours.contains(held.id)) {
                  held.leasedNanos = asked;
                }
                if (worker.inFlight().holds(held)) {
                  (ours.contains(held.id) ? back : lost).accept(held);
                }
              }
            },
            (RedisException error) ->
                worker.attempts().failed(Duty.ADOPT, error, () -> ask(count, equal, back, lost)));
  }
}
