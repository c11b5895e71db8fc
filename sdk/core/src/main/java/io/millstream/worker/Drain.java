package io.millstream.worker;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a worker in the order in which nothing is lost: let nothing new come in, let handlers
 * finish, flush, and only then give back what is left and leave the group.
 */
final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** How long a cancelled handler may take to end. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** How long Redis may take to confirm what is left when no handler runs any more. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private enum Step {
    /** What may still come in is waited for. */
    SILENCING,
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
  private final Runs runs;
  private final Silence silence;
  private final GiveBack giveBack;
  private final Runnable done;
  private Step step = Step.SILENCING;
  private boolean handlersHadTheirTime;

  Drain(
      WorkerContext worker,
      Dispatcher dispatcher,
      Runs runs,
      Silence silence,
      GiveBack giveBack,
      Runnable done) {
    this.worker = worker;
    this.dispatcher = dispatcher;
    this.runs = runs;
    this.silence = silence;
    this.giveBack = giveBack;
    this.done = done;
  }

  void begin() {
    dispatcher.close();
    Duration drain = worker.settings().times().drainTimeout();
    worker.loop().after(drain, runs::abortAll);
    worker.loop().after(drain.plus(GRACE), this::handlersHadTheirTime);
    worker.loop().after(drain.plus(GRACE).plus(LAST_WORDS), this::giveUp);
    silence.begin(this::silent);
  }

  private void silent() {
    if (step == Step.SILENCING) {
      step = Step.FINISHING;
      proceed();
    }
  }

  private void handlersHadTheirTime() {
    handlersHadTheirTime = true;
    if (step == Step.SILENCING) {
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
      giveBack.all();
      if (giveBack.done() && (dispatcher.idle() || handlersHadTheirTime)) {
        step = Step.LEAVING;
        leave();
      }
    }
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
