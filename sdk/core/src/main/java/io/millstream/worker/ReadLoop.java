package io.millstream.worker;

import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamEntries;
import io.millstream.entry.Entry;
import io.millstream.worker.Trouble.Duty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads new entries (XREADGROUP &gt;), as many as can be held, and none if none can. An idle worker
 * waits at the server; one read is under way at a time. Confined to the loop.
 */
final class ReadLoop {
  private static final int MOST = 500;

  /** BLOCK after trouble: soon enough it is known whether reading works again. */
  private static final Duration TRYING = Duration.ofMillis(100);

  /** What the read loop needs of the others. */
  interface Next {
    /** How many more entries can be held; none means do not read. */
    int room();

    /** Whether handlers go short if nothing is read now. */
    boolean hungry();

    /** New entries, held now. */
    void fresh(List<Held> entries);

    /**
     * The connection of a read broke, and a reply with it perhaps: look for entries that nobody
     * knows of.
     */
    void replyMayBeLost();
  }

  private enum Step {
    RESTING,
    OPENING,
    READING,
    DISCARDING, // closing a broken reader, at the server too
    BACKING_OFF,
    CLOSING, // the last thing before it is stopped
    STOPPED
  }

  private final WorkerContext worker;
  private final GroupKeeper group;
  private final Adoption adoption;
  private final Next next;
  private final Duration block;
  private Step step = Step.RESTING;
  private @Nullable Reader reader;
  private boolean held; // reading is held up until the own pending entries are known
  private boolean stopping;
  private boolean undead; // a read of ours that nobody could kill may still wait at the server
  private long undeadUntilNanos;
  private @Nullable Runnable whenStopped;

  ReadLoop(WorkerContext worker, GroupKeeper group, Adoption adoption, Next next) {
    this.worker = worker;
    this.group = group;
    this.adoption = adoption;
    this.next = next;
    this.block = worker.settings().times().block();
  }

  /** Holds reading up, or lets it go on. */
  void hold(boolean on) {
    held = on;
    pump();
  }

  /** Reads if there is reason to. */
  void pump() {
    if (step != Step.RESTING || stopping || held) {
      return;
    }
    int room = next.room();
    // reading one by one what is freed one by one would cost a command each
    if (room < 1 || (!next.hungry() && room < enough())) {
      worker.attempts().nothingToDo(Duty.READ);
      return;
    }
    if (reader == null) {
      open();
    } else {
      read(reader, Math.min(room, MOST));
    }
  }

  private int enough() {
    return Math.max(1, Math.min(MOST, worker.settings().capacity().readAhead()) / 4);
  }

  private void open() {
    step = Step.OPENING;
    worker
        .loop()
        .ask(
            worker.engine().openReader(worker.stream()),
            opened -> {
              reader = opened;
              rest();
            },
            this::backOff);
  }

  private void read(Reader from, int count) {
    step = Step.READING;
    long asked = worker.loop().nanos();
    Duration wait =
        worker.attempts().troubled(Duty.READ) && TRYING.compareTo(block) < 0 ? TRYING : block;
    worker
        .loop()
        .ask(
            from.read(
                    ReadArgs.fresh(worker.stream(), worker.group(), worker.consumer(), count, wait))
                .defaultIfEmpty(List.of()),
            streams -> answered(streams, asked),
            this::failed);
  }

  private void answered(List<StreamEntries> streams, long asked) {
    worker.attempts().succeeded(Duty.READ);
    List<Held> fresh = new ArrayList<>();
    for (StreamEntries stream : streams) {
      for (Entry entry : stream.entries()) {
        take(entry, fresh, asked);
      }
    }
    if (!fresh.isEmpty()) {
      next.fresh(fresh);
    }
    rest();
  }

  /**
   * The lease counts from when the read was sent: a reply that waited in a frozen process may be
   * older than it looks.
   */
  private void take(Entry entry, List<Held> fresh, long asked) {
    group.seen(entry.id());
    Held known = worker.inFlight().get(entry.id());
    if (known == null) {
      fresh.add(worker.inFlight().add(entry.id(), 1, Phase.READY, entry.fields(), asked));
    } else {
      // found under our name before its reply was here; or its group was lost or set back, and the
      // row is a new one with count 1
      known.leasedNanos = asked;
      known.lost = false;
      adoption.recount(known);
    }
  }

  private void failed(RedisException error) {
    if (!error.outcomeUnknown()) {
      backOff(error);
      return;
    }
    // end it at the server too, then ask for what it may have taken
    step = Step.DISCARDING;
    close(
        forgotten -> {
          next.replyMayBeLost();
          if (!forgotten) {
            mayStillRead();
          }
          backOff(error);
        });
  }

  /** Without the right to kill it, its read may still take entries until its BLOCK ends. */
  private void mayStillRead() {
    undeadUntilNanos = worker.loop().nanos() + block.toNanos();
    undead = true;
    worker
        .loop()
        .after(
            block,
            () -> {
              undead = worker.loop().nanos() - undeadUntilNanos < 0;
              next.replyMayBeLost();
              tell();
            });
  }

  private void close(Consumer<Boolean> forgotten) {
    Reader closing = reader;
    reader = null;
    if (closing == null) {
      forgotten.accept(true);
    } else {
      worker.loop().ask(closing.close(), forgotten, error -> forgotten.accept(false));
    }
  }

  private void backOff(RedisException error) {
    step = Step.BACKING_OFF;
    worker
        .attempts()
        .failed(
            Duty.READ,
            error,
            () -> {
              if (step == Step.BACKING_OFF) {
                rest();
              }
            });
    if (stopping && step == Step.BACKING_OFF) {
      finish();
    }
  }

  private void rest() {
    step = Step.RESTING;
    if (stopping) {
      finish();
    } else {
      pump();
    }
  }

  /** Reads no more; tells when the last read has answered. */
  void stop(Runnable stopped) {
    stopping = true;
    whenStopped = stopped;
    switch (step) {
      case RESTING, BACKING_OFF -> finish();
      case READING -> unblock();
      case STOPPED -> tell();
      case OPENING, DISCARDING, CLOSING -> {}
    }
  }

  /** Reads again. */
  void resume() {
    stopping = false;
    whenStopped = null;
    if (step == Step.STOPPED) {
      rest();
    }
  }

  /** Again and again: the read may not have arrived at the server when the first one does. */
  private void unblock() {
    Reader waiting = reader;
    if (step != Step.READING || waiting == null || !stopping) {
      return;
    }
    worker
        .loop()
        .ask(
            waiting.unblock(),
            found -> worker.loop().after(Duration.ofMillis(50), this::unblock),
            error -> {}); // without the right to unblock, BLOCK is waited out
  }

  private void finish() {
    step = Step.CLOSING;
    worker.attempts().cancel(Duty.READ);
    close(
        forgotten -> {
          step = Step.STOPPED;
          if (!forgotten) {
            mayStillRead();
          }
          if (stopping) {
            tell();
          } else {
            rest();
          }
        });
  }

  private void tell() {
    if (step != Step.STOPPED || undead) {
      return;
    }
    Runnable then = whenStopped;
    whenStopped = null;
    if (then != null) {
      then.run();
    }
  }
}
