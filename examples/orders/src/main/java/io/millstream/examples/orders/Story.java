package io.millstream.examples.orders;

import io.millstream.Millstream;
import io.millstream.codec.DeadLetterStory;
import io.millstream.codec.MessageStream;
import io.millstream.engine.PendingSummary;
import io.millstream.entry.Fields;
import io.millstream.policy.RetryPolicy;
import io.millstream.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Two workers share the orders of a stream, until one of them dies. */
final class Story {
  static final String GROUP = "order-workers";

  private static final String SURVIVOR = "worker-1";
  private static final String VICTIM = "worker-2";
  private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final MessageStream<Order> stream;
  private final Server server;
  private final Scenario scenario;
  private final Progress progress;
  private final Ledger ledger;
  private final Sinks.Empty<Void> victimIsDead = Sinks.empty();

  Story(String key, Server server, Scenario scenario, Progress progress) {
    this.stream = MessageStream.json(key, Order.class);
    this.server = server;
    this.scenario = scenario;
    this.progress = progress;
    this.ledger = new Ledger(progress);
  }

  /** Begins with an empty stream and leaves it, and its dead letters, standing at the end. */
  Account run() {
    server.delete(List.of(stream.name(), stream.deadLetterKey(GROUP)));
    try (Millstream shop = server.connect();
        Millstream office = server.connect()) {
      Worker survivor = start(office, SURVIVOR, victimIsDead.asMono());
      // A process of its own as far as Redis can tell. It is never closed: who dies does not tidy
      // up.
      Millstream doomed = server.connect();
      start(doomed, VICTIM, Mono.never());

      publish(shop, scenario.firstBatch());
      await("the first orders are settled", () -> settled(shop, Scenario.FIRST_BATCH));
      publish(shop, scenario.rest());
      await("the victim holds all it can", () -> holdsAllItCan(shop, VICTIM));
      kill(doomed);
      await("all orders are settled", () -> settled(shop, Scenario.ORDERS));
      block(survivor.stop().thenReturn(true));
      return account(shop);
    }
  }

  private Worker start(Millstream millstream, String name, Mono<Void> beyondShare) {
    return millstream
        .worker(stream, GROUP)
        .consumer(name)
        .concurrency(Scenario.CONCURRENCY)
        .readAhead(0)
        .visibilityTimeout(VISIBILITY_TIMEOUT)
        .retry(
            RetryPolicy.exponential(Duration.ofMillis(200)).maxDeliveries(Scenario.MAX_DELIVERIES))
        .handle(new Desk(name, scenario, ledger, beyondShare))
        .start();
  }

  private void publish(Millstream millstream, List<Order> orders) {
    long count = block(millstream.publisher(stream).publishAll(Flux.fromIterable(orders)).count());
    progress.say("%d orders published", count);
  }

  private boolean settled(Millstream millstream, int orders) {
    return ledger.handled() + deadLetters(millstream) == orders && pending(millstream).count() == 0;
  }

  /** Its acknowledgements are through, and in all its hands are orders that it will not finish. */
  private boolean holdsAllItCan(Millstream millstream, String worker) {
    long held = pending(millstream).byConsumer().getOrDefault(worker, 0L);
    return ledger.stuck(worker) == Scenario.CONCURRENCY && held == Scenario.CONCURRENCY;
  }

  /** Its connections end without a word; Redis sees no more of a process that is killed. */
  private void kill(Millstream millstream) {
    progress.say(
        "%s dies with %d orders in hand, its lease of them runs out in %d s",
        VICTIM, ledger.stuck(VICTIM), VISIBILITY_TIMEOUT.toSeconds());
    millstream.engine().close().block(PATIENCE);
    victimIsDead.tryEmitEmpty();
  }

  private Account account(Millstream millstream) {
    return ledger.account(
        block(millstream.engine().streams().length(stream.name())),
        deadLetters(millstream),
        whatDied(millstream),
        pending(millstream).count());
  }

  private PendingSummary pending(Millstream millstream) {
    return block(millstream.engine().groups().pending(stream.name(), GROUP));
  }

  private long deadLetters(Millstream millstream) {
    return block(millstream.engine().streams().length(stream.deadLetterKey(GROUP)));
  }

  private String whatDied(Millstream millstream) {
    String key = stream.deadLetterKey(GROUP);
    return block(millstream.engine().streams().range(key, "-", "+", null)).stream()
        .map(entry -> whatDied(entry.fields()))
        .collect(Collectors.joining("; "));
  }

  private String whatDied(Fields deadLetter) {
    return String.format(
        "order %d, %s deliveries: %s",
        stream.codec().decode(deadLetter).number(),
        deadLetter.text(DeadLetterStory.DELIVERIES),
        deadLetter.text(DeadLetterStory.MESSAGE));
  }

  private void await(String what, BooleanSupplier condition) {
    boolean happened =
        block(
            Flux.interval(Duration.ofMillis(50), Schedulers.boundedElastic())
                .onBackpressureDrop()
                .filter(tick -> condition.getAsBoolean())
                .next()
                .hasElement()
                .timeout(PATIENCE, Mono.just(false), Schedulers.parallel()));
    if (!happened) {
      progress.say("gave up waiting until %s", what);
    }
  }

  private static <T> T block(Mono<T> mono) {
    return Objects.requireNonNull(mono.block(PATIENCE.multipliedBy(2)));
  }
}
