package io.millstream.examples.chaos;

import io.millstream.entry.EntryId;
import io.millstream.examples.chaos.Line.Event;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.Message;
import io.millstream.message.Outcome;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What the handlers do with a message, each kind of handler in its own way. */
final class Deed {
  /** How a JVM ends that poison has killed. */
  static final int POISONED = 66;

  /** Longer than the visibility timeout. */
  static final Duration SLOW = Rules.VISIBILITY.multipliedBy(3).dividedBy(2);

  private static final Duration QUICK = Duration.ofMillis(20);

  /** Gives the neighbours of poison the time to finish, were they not slow. */
  private static final Duration FUSE = Duration.ofMillis(500);

  /**
   * Only so often is a slow message slow: one that poison takes along each time must not spend all
   * its deliveries.
   */
  private static final int SLOW_DELIVERIES = 2;

  /** It did not work this time. */
  private static final class NotThisTime extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotThisTime(String message) {
      super(message, null, false, false);
    }
  }

  private final Ledger ledger;
  private final Runnable die;

  /**
   * Deeds of a process.
   *
   * @param die ends the JVM at once
   */
  Deed(Ledger ledger, Runnable die) {
    this.ledger = ledger;
    this.die = die;
  }

  /** A handler that does not block. */
  Mono<Void> reactive(Message<String> message) {
    return Mono.defer(() -> begin(message));
  }

  /** A handler that blocks its thread. */
  void blocking(Message<String> message) {
    begin(message).block();
  }

  /** A handler of several messages, each with an outcome of its own. */
  Mono<BatchOutcomes> batch(List<Message<String>> messages) {
    return Flux.fromIterable(messages)
        .flatMap(
            message ->
                begin(message)
                    .then(Mono.<BatchOutcome>empty())
                    .onErrorResume(error -> Mono.just(new BatchOutcome(message))),
            messages.size())
        .reduce(
            BatchOutcomes.ackAll(),
            (outcomes, failed) -> outcomes.with(failed.message, Outcome.retry(Rules.FIRST_RETRY)));
  }

  /** A message of a batch that failed. */
  private record BatchOutcome(Message<String> message) {}

  private Mono<Void> begin(Message<String> message) {
    Job job = Job.parse(message.payload());
    EntryId id = message.id();
    long delivery = message.delivery();
    ledger.write(Event.START, id, delivery, job.key());
    return work(job, delivery)
        .then(Mono.<Void>fromRunnable(() -> ledger.write(Event.EFFECT, id, delivery)))
        .doOnSuccess(nothing -> ledger.write(Event.END, id, delivery, "done"))
        .doOnError(error -> ledger.write(Event.END, id, delivery, "failed"))
        .doOnCancel(() -> ledger.write(Event.END, id, delivery, "cancelled"));
  }

  private Mono<?> work(Job job, long delivery) {
    return switch (job.kind()) {
      case PLAIN -> pause(QUICK);
      case SLOW -> pause(delivery <= SLOW_DELIVERIES ? SLOW : QUICK);
      case POISON -> pause(FUSE).then(Mono.fromRunnable(die));
      case FLAKY ->
          pause(QUICK)
              .then(
                  delivery <= job.failures()
                      ? Mono.error(new NotThisTime(job.key() + " fails at delivery " + delivery))
                      : Mono.empty());
    };
  }

  private static Mono<Long> pause(Duration duration) {
    return Mono.delay(duration, Schedulers.parallel());
  }
}
