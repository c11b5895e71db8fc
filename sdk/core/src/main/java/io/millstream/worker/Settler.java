package io.millstream.worker;

import io.millstream.message.Outcome;
import io.millstream.worker.Settlement.Ending;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends deliveries: acknowledges, lets wait for a retry, or gives up, as the handler said or the
 * policy decides.
 */
final class Settler {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final WorkerContext worker;
  private final Acks acks;
  private final RetryTimer retries;
  private final DeadLetters deadLetters;
  private final Releases releases;

  Settler(
      WorkerContext worker,
      Acks acks,
      RetryTimer retries,
      DeadLetters deadLetters,
      Releases releases) {
    this.worker = worker;
    this.acks = acks;
    this.retries = retries;
    this.deadLetters = deadLetters;
    this.releases = releases;
  }

  /**
   * Settles a delivery whose handler has really ended.
   *
   * @param timedOut whether it was cancelled because its time was up
   */
  void settle(Held held, Ending ending, boolean timedOut) {
    if (ending instanceof Ending.Said said && said.outcome() instanceof Outcome.Ack) {
      acks.add(held); // a late one too: what has succeeded need not run again
    } else if (held.lost) {
      worker.inFlight().remove(held);
    } else if (ending instanceof Ending.Said said) {
      obey(held, said.outcome());
    } else if (ending instanceof Ending.Failed failed) {
      decide(held, failed.failure());
    } else if (ending instanceof Ending.NotDecodable unreadable) {
      worker.observer().failed(held.id, held.count, unreadable.failure());
      deadLetters.add(held, "not decodable", unreadable.failure());
    } else if (timedOut) {
      Duration limit = worker.settings().times().handlerTimeout();
      decide(held, new TimeoutException("the handler took longer than " + limit));
    } else {
      releases.add(held, held.count, Releases.AT_ONCE);
    }
  }

  private void decide(Held held, Throwable failure) {
    worker.observer().failed(held.id, held.count, failure);
    log.debug("{}: delivery {} of {} failed", worker.name(), held.count, held.id, failure);
    obey(held, worker.settings().retry().decide(failure, held.count, worker.random()));
  }

  private void obey(Held held, Outcome outcome) {
    if (outcome instanceof Outcome.DeadLetter dead) {
      giveUp(held, dead.reason(), dead.cause());
    } else if (outcome instanceof Outcome.Retry retry) {
      if (held.count >= worker.settings().retry().maxDeliveries()) {
        giveUp(held, "deliveries spent: " + held.count, retry.cause());
      } else if (held.gone) {
        giveUp(held, "the entry was deleted before its retry", retry.cause());
      } else {
        worker.observer().retried();
        retries.wait(held, retry.delay());
      }
    } else {
      acks.add(held);
    }
  }

  private void giveUp(Held held, String reason, @Nullable Throwable cause) {
    log.warn(
        "{}: dead-lettering {} after delivery {}: {}", worker.name(), held.id, held.count, reason);
    deadLetters.add(held, reason, cause);
  }
}
