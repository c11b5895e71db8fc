package io.millstream.worker;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a worker in the order in which nothing is lost: read and claim no more, look once more for
 * what is ours, let handlers finish, flush, and only then give back what is left and leave the
 * group.
 */
final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** How long a cancelled handler may take to end. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** How long Redis may take to confirm what is left when no handler runs any more. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private enum Step {
    /** The last read and the last claim are still to answer. */
    SILENCING,
    /** The own pending entries are looked through once more. */
    LOOKING,
    /** Handlers run. */
    FINISHING,
    /** Everything that is held goes back. */
    RELEASING,
    /** The consumer leaves the group. */
    LEAVING,
    DONE
  }

  private final WorkerContext worker;
  private final Dispatcher dispatcher;
  private final RetryTimer retries;
  private final Releases releases;
  private final Runnable done;
  private Step step = Step.SILENCING;
  private boolean handlersHadTheirTime;
  private int silenced;

  Drain(
      WorkerContext worker,
      Dispatcher dispatcher,
      RetryTimer retries,
      Releases releases,
      Runnable done) {
    this.worker = worker;
    this.dispatcher = dispatcher;
    this.retries = retries;
    this.releases = releases;
    this.done = done;
  }

  void begin(ReadLoop reads, Reaper reaper, OwnPending own) {
    dispatcher.close();
    Duration drain = worker.settings().times().drainTimeout();
    worker.loop().after(drain, dispatcher::abortAll);
    worker.loop().after(drain.plus(GRACE), this::handlersHadTheirTime);
    worker.loop().after(drain.plus(GRACE).plus(LAST_WORDS), this::giveUp);
    Runnable silent =
        () -> {
          if (++silenced == 2) {
            step = Step.LOOKING;
            own.lookOnceMore(this::looked);
          }
        };
    reads.stop(silent);
    reaper.stop(silent);
  }

  private void looked() {
    if (step == Step.LOOKING) {
      step = Step.FINISHING;
      proceed();
    }
  }

  private void handlersHadTheirTime() {
    handlersHadTheirTime = true;
    if (step == Step.SILENCING || step == Step.LOOKING) {
      step = Step.FINISHING; // Redis does not answer: what we hold is what we know
    }
    proceed();
  }

  /** Something has ended: perhaps it goes on from here. */
  void proceed() {
    if (step == Step.FINISHING && (dispatcher.idle() || handlersHadTheirTime)) {
      step = Step.RELEASING;
    }
    if (step == Step.RELEASING) {
      releaseAll();
      boolean stuckHandlersOnly =
          worker.inFlight().size() == worker.inFlight().count(Phase.RUNNING);
      if (stuckHandlersOnly && (dispatcher.idle() || handlersHadTheirTime)) {
        step = Step.LEAVING;
        leave();
      }
    }
  }

  private void releaseAll() {
    for (Held held : List.copyOf(worker.inFlight().all())) {
      switch (held.phase()) {
        // counted, never started: the delivery is given back
        case READY -> releases.add(held, held.count - 1, Releases.AT_ONCE);
        case CLAIMED -> releases.add(held, held.countBeforeNext(), Releases.AT_ONCE);
        case WAITING -> releases.add(held, held.count, idleWhile(retries.remaining(held)));
        case REDELIVERING, RUNNING, SETTLING, RELEASING -> {}
      }
    }
  }

  /** The idle time that lets a waiting entry be claimed just when its backoff ends. */
  private Duration idleWhile(Duration backoff) {
    Duration idle = worker.settings().times().visibilityTimeout().minus(backoff);
    return idle.isNegative() ? Duration.ZERO : idle;
  }

  private void leave() {
    int stuck = worker.inFlight().size();
    if (stuck > 0) {
      log.warn(
          "{}: {} handlers did not end; their messages stay pending until their leases run out",
          worker.name(),
          stuck);
    }
    worker
        .loop()
        .ask(
            worker.steps().removeConsumer(worker.stream(), worker.group(), worker.consumer()),
            removed -> finish(),
            error -> finish()); // the group is gone, or Redis is: there is nothing to leave
  }

  private void giveUp() {
    if (step != Step.DONE) {
      log.warn(
          "{}: Redis did not confirm the end of {} messages; they stay pending until their leases run out",
          worker.name(),
          worker.inFlight().size());
      finish();
    }
  }

  private void finish() {
    if (step != Step.DONE) {
      step = Step.DONE;
      done.run();
    }
  }
}
