package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.worker.Trouble.Duty;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Acknowledges what succeeded (XACK), gathered: while one call is under way the next ids wait for
 * theirs. So a busy worker acknowledges in batches, and an idle one at once.
 */
final class Acks {
  private static final int MOST = 500;

  private final WorkerContext worker;
  private final Runnable freed;
  private final int most;
  private final Deque<Held> gathered = new ArrayDeque<>();
  private boolean underWay;
  private boolean flushing;

  Acks(WorkerContext worker, Runnable freed) {
    this.worker = worker;
    this.freed = freed;
    this.most = worker.settings().leaves().deleteOnAck() ? AtomicSteps.MAX_IDS : MOST;
  }

  void add(Held held) {
    worker.inFlight().move(held, Phase.SETTLING);
    held.fields = null;
    gathered.add(held);
    if (!underWay && !flushing) {
      // what ends in the same turn of the loop goes with it
      flushing = true;
      worker.loop().execute(this::flush);
    }
  }

  private void flush() {
    flushing = false;
    if (underWay || gathered.isEmpty()) {
      return;
    }
    underWay = true;
    List<Held> batch = new ArrayList<>(Math.min(most, gathered.size()));
    while (batch.size() < most && !gathered.isEmpty()) {
      batch.add(gathered.remove());
    }
    worker
        .loop()
        .ask(
            acknowledge(batch.stream().map(held -> held.id).toList()),
            count -> acked(batch),
            error -> failed(batch, error));
  }

  private Mono<Long> acknowledge(List<EntryId> ids) {
    if (!worker.settings().leaves().deleteOnAck()) {
      return worker.groups().ack(worker.stream(), worker.group(), ids);
    }
    return worker
        .steps()
        .acknowledgeAndDelete(worker.stream(), worker.group(), ids)
        .map(AtomicSteps.Deleted::acknowledged);
  }

  /** Whatever the count: an id that was not pending any more needs no acknowledgement. */
  private void acked(List<Held> batch) {
    worker.attempts().succeeded(Duty.ACK);
    batch.forEach(worker.inFlight()::remove);
    worker.observer().acked(batch.size());
    underWay = false;
    flush();
    freed.run();
  }

  private void failed(List<Held> batch, RedisException error) {
    if (worker.attempts().nothingLeft(error)) {
      acked(batch);
      return;
    }
    for (int i = batch.size() - 1; i >= 0; i--) {
      gathered.addFirst(batch.get(i));
    }
    worker
        .attempts()
        .failed(
            Duty.ACK,
            error,
            () -> {
              underWay = false;
              flush();
            });
  }
}
