package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AtomicSteps.TakenOver;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.worker.Trouble.Duty;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what outlived its visibility timeout (XAUTOCLAIM JUSTID, which counts no delivery),
 * round by round, with a cursor that it keeps from one round to the next. It has an allowance of
 * its own, so that endless new entries cannot starve abandoned ones.
 *
 * <p>While Redis is away idle times go on, and the leases of workers that live look expired when it
 * is back. So a round is put off after trouble, and where the server's clock has leapt ({@link
 * ServerClock}); what was released has no lease and is excepted. Confined to the loop.
 */
final class Reaper {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** Pages of a round that may bring nothing: what a long list of live entries may cost. */
  private static final int FRUITLESS_PAGES = 100;

  private final WorkerContext worker;
  private final Dispatcher dispatcher;
  private final Intake intake;
  private final ServerClock clock;
  private final Duration visibility;
  private final Duration renewEvery;
  private EntryId cursor = EntryId.MIN;
  private boolean roundOpen;
  private boolean releasedToTake;
  private int fruitless;
  private int takenOver; // since it was last said
  private boolean busy;
  private boolean stopped;
  private long quietUntilNanos;
  private Runnable whenIdle = () -> {};

  Reaper(WorkerContext worker, Dispatcher dispatcher, Intake intake) {
    this.worker = worker;
    this.dispatcher = dispatcher;
    this.intake = intake;
    this.visibility = worker.settings().times().visibilityTimeout();
    this.renewEvery = worker.settings().times().renewEvery();
    this.clock = new ServerClock(worker.loop(), renewEvery);
  }

  /** Begins; the first round of taking over comes after a renewal period. */
  void start() {
    holdOff();
    tick();
  }

  /** Takes over only what was released, for one renewal period. */
  void holdOff() {
    quietUntilNanos = worker.loop().nanos() + renewEvery.toNanos();
  }

  /** Somebody has released something: takes it up at once. */
  void nudged() {
    releasedToTake = true;
    pump();
  }

  /** Claims no more; tells when the last claim has answered. */
  void stop(Runnable idle) {
    stopped = true;
    whenIdle = idle;
    if (!busy) {
      idle.run();
    }
  }

  /** Goes on, with what was released meanwhile. */
  void resume() {
    stopped = false;
    nudged();
  }

  private void tick() {
    if (takenOver > 0) {
      log.info("{}: took over {} entries", worker.name(), takenOver);
      takenOver = 0;
    }
    roundOpen = true;
    fruitless = 0;
    pump();
    worker.loop().after(worker.jittered(worker.settings().times().reapEvery()), this::tick);
  }

  /** Goes on with the round if there is room. */
  void pump() {
    int room = Math.min(AtomicSteps.MAX_IDS, dispatcher.recoveryRoom());
    if (busy) {
      return;
    }
    if (stopped || room < 1 || !(roundOpen || releasedToTake)) {
      worker.attempts().nothingToDo(Duty.REAP);
      return;
    }
    busy = true;
    intake.claiming(true);
    if (releasedToTake || quiet()) {
      takeReleased(room);
    } else {
      takeOver(room);
    }
  }

  /**
   * While Redis refuses what every worker needs (MISCONF, NOREPLICAS, READONLY), nobody can renew,
   * though a look at what was released finds nothing wrong.
   */
  private boolean quiet() {
    Attempts attempts = worker.attempts();
    return worker.loop().nanos() - quietUntilNanos < 0
        || attempts.troubled(Duty.RENEW)
        || attempts.troubled(Duty.READ)
        || attempts.troubled(Duty.ACK);
  }

  private void takeOver(int room) {
    long asked = worker.loop().nanos();
    worker
        .loop()
        .ask(
            worker
                .steps()
                .takeOver(
                    worker.stream(),
                    worker.group(),
                    worker.consumer(),
                    visibility,
                    cursor,
                    room,
                    clock.fence()),
            page -> tookOver(page, asked),
            this::failed);
  }

  private void tookOver(TakenOver page, long asked) {
    worker.attempts().succeeded(Duty.REAP);
    if (page.refused()) {
      if (clock.leapt(page.serverTime())) {
        holdOff();
      }
    } else {
      clock.saw(page.serverTime());
      cursor = page.cursor();
      if (page.taken().isEmpty()) {
        fruitless++;
      }
      if (page.complete() || fruitless >= FRUITLESS_PAGES) {
        roundOpen = false;
      }
      take(page.taken(), asked);
    }
    idle();
  }

  private void takeReleased(int room) {
    long asked = worker.loop().nanos();
    worker
        .loop()
        .ask(
            worker
                .steps()
                .takeReleased(worker.stream(), worker.group(), worker.consumer(), visibility, room),
            rows -> {
              worker.attempts().succeeded(Duty.REAP);
              if (rows.size() < room) {
                releasedToTake = false;
                // the rest of this round is put off
                roundOpen = roundOpen && !quiet();
              }
              take(rows, asked);
              idle();
            },
            this::failed);
  }

  private void take(List<AtomicSteps.Held> rows, long asked) {
    List<AtomicSteps.Held> unknown = rows.stream().filter(this::unknown).toList();
    if (!unknown.isEmpty()) {
      takenOver += unknown.size();
      worker.observer().claimed(unknown.size());
      intake.takenOver(unknown, asked);
    }
  }

  /**
   * Rows of our own whose lease had run out are still held here, and just renewed. What is being
   * released was released, if it comes back: only the reply to that was lost.
   */
  private boolean unknown(AtomicSteps.Held row) {
    Held held = worker.inFlight().get(row.id());
    if (held != null && held.phase() == Phase.RELEASING) {
      worker.inFlight().remove(held);
      return true;
    }
    return held == null;
  }

  private void failed(RedisException error) {
    if (error.outcomeUnknown()) {
      intake.unsure();
    }
    worker
        .attempts()
        .failed(
            Duty.REAP,
            error,
            () -> {
              holdOff(); // others could not renew either
              idle();
            });
  }

  private void idle() {
    busy = false;
    intake.claiming(false);
    if (stopped) {
      whenIdle.run();
    }
    pump();
  }
}
