package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AutoClaimed;
import io.millstream.engine.ClaimArgs;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.worker.Trouble.Duty;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what outlived its visibility timeout (XAUTOCLAIM JUSTID, which counts no delivery),
 * round by round, with a cursor that it keeps from one round to the next. It has an allowance of
 * its own, so that endless new entries cannot starve abandoned ones.
 */
final class Reaper {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** Pages of a round that may bring nothing: what a long list of live entries may cost. */
  private static final int FRUITLESS_PAGES = 100;

  private static final int PAGE = 100;

  private final WorkerContext worker;
  private final Dispatcher dispatcher;
  private final Intake intake;
  private final Backoff backoff;
  private final Duration visibility;
  private EntryId cursor = EntryId.MIN;
  private boolean roundOpen;
  private int fruitless;
  private boolean busy;
  private boolean stopped;
  private long quietUntilNanos;
  private Runnable whenIdle = () -> {};

  Reaper(WorkerContext worker, Dispatcher dispatcher, Intake intake) {
    this.worker = worker;
    this.dispatcher = dispatcher;
    this.intake = intake;
    this.backoff = worker.backoff();
    this.visibility = worker.settings().times().visibilityTimeout();
  }

  /** Begins; the first round of taking over comes after a renewal period. */
  void start() {
    holdOff();
    tick();
  }

  /**
   * Takes over only what was released for one renewal period: while Redis was away idle times went
   * on, and the leases of workers that live would look expired.
   */
  void holdOff() {
    quietUntilNanos = worker.loop().nanos() + worker.settings().times().renewEvery().toNanos();
  }

  /** Claims no more; tells when the last claim has answered. */
  void stop(Runnable idle) {
    stopped = true;
    whenIdle = idle;
    if (!busy) {
      idle.run();
    }
  }

  private void tick() {
    if (stopped) {
      return;
    }
    roundOpen = true;
    fruitless = 0;
    pump();
    worker.loop().after(worker.jittered(worker.settings().times().reapEvery()), this::tick);
  }

  /** Goes on with the round if there is room. */
  void pump() {
    int room = Math.min(PAGE, dispatcher.recoveryRoom());
    if (stopped || busy || !roundOpen || room < 1) {
      return;
    }
    busy = true;
    intake.claiming(true);
    if (worker.loop().nanos() - quietUntilNanos < 0) {
      claimReleased(room);
    } else {
      claimExpired(room);
    }
  }

  private void claimExpired(int room) {
    worker
        .loop()
        .ask(
            worker
                .groups()
                .autoClaimJustId(
                    worker.stream(),
                    worker.group(),
                    worker.consumer(),
                    visibility,
                    cursor,
                    (long) room),
            this::claimed,
            this::failed);
  }

  private void claimed(AutoClaimed<EntryId> page) {
    worker.succeeded(Duty.REAP, backoff);
    cursor = page.cursor();
    if (page.claimed().isEmpty()) {
      fruitless++;
    }
    if (page.complete() || fruitless >= FRUITLESS_PAGES) {
      roundOpen = false;
    }
    Set<EntryId> unknown = new HashSet<>(page.claimed());
    // rows of our own whose lease had run out: still held here, and just renewed
    unknown.removeIf(id -> worker.inFlight().get(id) != null);
    if (unknown.isEmpty()) {
      idle();
    } else {
      learnCounts(unknown);
    }
  }

  /** XAUTOCLAIM does not tell delivery counts. */
  private void learnCounts(Set<EntryId> claimed) {
    worker
        .loop()
        .ask(
            worker
                .groups()
                .pending(
                    worker.stream(),
                    worker.group(),
                    PendingArgs.of(
                        worker.consumer(),
                        Collections.min(claimed).toString(),
                        Collections.max(claimed).toString(),
                        claimed.size() + (long) worker.inFlight().size())),
            rows -> {
              take(rows.stream().filter(row -> claimed.contains(row.id())).toList());
              idle();
            },
            error ->
                // they are ours but unknown: only counts are missing
                worker.tryAgain(Duty.REAP, error, backoff, () -> learnCounts(claimed)));
  }

  private void claimReleased(int room) {
    worker
        .loop()
        .ask(
            worker
                .groups()
                .pending(
                    worker.stream(),
                    worker.group(),
                    new PendingArgs(visibility, "-", "+", room, AtomicSteps.RELEASED)),
            rows -> {
              worker.succeeded(Duty.REAP, backoff);
              roundOpen = rows.size() == room;
              if (rows.isEmpty()) {
                idle();
              } else {
                claimRows(rows);
              }
            },
            this::failed);
  }

  private void claimRows(List<PendingEntry> rows) {
    worker
        .loop()
        .ask(
            worker
                .groups()
                .claimJustId(
                    worker.stream(),
                    worker.group(),
                    worker.consumer(),
                    visibility,
                    rows.stream().map(PendingEntry::id).toList(),
                    ClaimArgs.NONE),
            ids -> {
              Set<EntryId> claimed = new HashSet<>(ids);
              take(rows.stream().filter(row -> claimed.contains(row.id())).toList());
              idle();
            },
            this::failed);
  }

  private void take(List<PendingEntry> rows) {
    if (rows.isEmpty()) {
      return;
    }
    log.info("{}: took over {} entries", worker.name(), rows.size());
    worker.observer().claimed(rows.size());
    intake.takenOver(rows);
  }

  private void failed(RedisException error) {
    if (error.outcomeUnknown()) {
      intake.unsure();
    }
    worker.tryAgain(Duty.REAP, error, backoff, this::idle);
  }

  private void idle() {
    busy = false;
    intake.claiming(false);
    if (stopped) {
      whenIdle.run();
    } else {
      pump();
    }
  }
}
