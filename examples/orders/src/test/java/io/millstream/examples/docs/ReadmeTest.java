package io.millstream.examples.docs;

import static io.millstream.test.MillstreamAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.guard.Guards;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.Message;
import io.millstream.message.Outcome;
import io.millstream.policy.RetryPolicy;
import io.millstream.test.TestMillstream;
import io.millstream.test.WithMillstream;
import io.millstream.testing.TestRedis;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The snippets of the README. */
class ReadmeTest {
  record Order(long id, String amount) {}

  static final class InvalidOrder extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  static final class BillingDown extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** What the snippets charge orders with. */
  private static final class Billing {
    final List<Order> charged = new CopyOnWriteArrayList<>();

    Mono<Void> charge(Order order) {
      return Mono.fromRunnable(() -> charged.add(order));
    }

    void chargeAndWait(Order order) {
      charged.add(order);
    }

    Mono<BatchOutcomes> chargeAll(List<Message<Order>> batch) {
      BatchOutcomes outcomes = BatchOutcomes.ackAll();
      for (Message<Order> message : batch) {
        if (message.payload().amount().startsWith("-")) {
          outcomes = outcomes.with(message, Outcome.deadLetter("negative amount"));
        } else {
          charged.add(message.payload());
        }
      }
      return Mono.just(outcomes);
    }
  }

  private final Billing billing = new Billing();

  @Test
  @Tag("redis")
  void publishesAndHandles() {
    String uri = TestRedis.uri();
    String key = TestRedis.key();
    // the page names the stream; on a shared server the test needs a key of its own
    MessageStream<Order> named = MessageStream.json(key, Order.class);
    assertThat(named.name()).isEqualTo(key);
    run(uri, named);
  }

  private void run(String uri, MessageStream<Order> orders) {
    // snippet-start: worker
    Millstream millstream = Millstream.connect(uri); // "redis://localhost:6379"

    Worker worker =
        millstream
            .worker(orders, "order-workers")
            .concurrency(64)
            .visibilityTimeout(Duration.ofSeconds(60))
            .retry(
                RetryPolicy.exponential(Duration.ofSeconds(1))
                    .maxDeliveries(5)
                    .deadLetterOn(InvalidOrder.class))
            // returns a Mono; when it completes, the message is acknowledged
            .handle(message -> billing.charge(message.payload()))
            .start();

    millstream.publisher(orders).publish(new Order(7, "12.00")).block();
    // snippet-end
    try (millstream) {
      await().until(() -> billing.charged.contains(new Order(7, "12.00")));
      assertThat(worker.group()).isEqualTo("order-workers");
    }
  }

  // snippet-start: stream
  MessageStream<Order> orders = MessageStream.json("order:events", Order.class);

  // snippet-end

  @Test
  void blockingAndBatchHandlers() {
    try (TestMillstream millstream = TestMillstream.create()) {
      // snippet-start: kinds
      millstream
          .worker(orders, "blocking")
          .handleBlocking(message -> billing.chargeAndWait(message.payload()))
          .start();

      millstream
          .worker(orders, "in-batches")
          .handleBatch(100, batch -> billing.chargeAll(batch)) // an outcome for each message
          .start();

      millstream
          .worker(orders, "with-outcomes")
          .handle(
              message ->
                  message.payload().amount().startsWith("-")
                      ? Mono.just(Outcome.deadLetter("negative amount"))
                      : billing.charge(message.payload()))
          .start();
      // snippet-end
      millstream.publish(orders, new Order(1, "1.00"));
      millstream.publish(orders, new Order(2, "-1.00"));
      millstream.advance(Duration.ofSeconds(1));

      assertThat(billing.charged).filteredOn(order -> order.id() == 1).hasSize(3);
      assertThat(millstream.deadLetters(orders, "in-batches")).hasSize(1);
      assertThat(millstream.deadLetters(orders, "with-outcomes")).hasSize(1);
    }
  }

  @Test
  void anOpenBreakerPausesTheWorker() {
    Map<String, WorkerState> dashboard = new ConcurrentHashMap<>();
    try (TestMillstream millstream = TestMillstream.create()) {
      // snippet-start: guard
      CircuitBreaker breaker = CircuitBreaker.ofDefaults("billing");

      Worker guarded =
          millstream
              .worker(orders, "guarded")
              .guard(Guards.circuitBreaker(breaker))
              .listener((worker, before, now) -> dashboard.put(worker.consumer(), now))
              .handle(message -> billing.charge(message.payload()))
              .start();
      // snippet-end
      millstream.advance(Duration.ofSeconds(1));
      breaker.transitionToForcedOpenState();
      millstream.publish(orders, new Order(7, "12.00"));
      millstream.advance(Duration.ofMinutes(5));

      assertThat(guarded.state()).isEqualTo(WorkerState.PAUSED);
      assertThat(dashboard).containsValue(WorkerState.PAUSED);
      assertThat(billing.charged).isEmpty();
      breaker.transitionToClosedState();
      millstream.advance(Duration.ofSeconds(1));
      assertThat(billing.charged).containsExactly(new Order(7, "12.00"));
    }
  }

  @Nested
  // snippet-start: test
  @WithMillstream(strict = true) // fails for what a test leaves pending, or failed unnoticed
  class BillingTest {
    @Test
    void givesUpAfterFiveDeliveries(TestMillstream millstream) { // in memory, in virtual time
      millstream
          .worker(orders, "order-workers")
          .handle(message -> Mono.error(new BillingDown()))
          .start();
      millstream.publish(orders, new Order(7, "12.00"));

      millstream.advance(Duration.ofHours(1)); // takes milliseconds

      assertThat(millstream).stream(orders)
          .group("order-workers")
          .isDone()
          .deadLetter()
          .hasPayload(new Order(7, "12.00"))
          .hasDeliveries(5)
          .failedWith(BillingDown.class);
    }
  }

  // snippet-end

  @Test
  void readsDeadLetters() {
    try (TestMillstream millstream = TestMillstream.create()) {
      millstream
          .worker(orders, "order-workers")
          .retry(RetryPolicy.none())
          .handle(message -> Mono.error(new BillingDown()))
          .start();
      millstream.publish(orders, new Order(7, "12.00"));
      millstream.advance(Duration.ofSeconds(1));
      List<String> seen = new CopyOnWriteArrayList<>();
      // snippet-start: dead-letters
      millstream
          .worker(orders.deadLetters("order-workers"), "people-on-call")
          .handleBlocking(
              letter ->
                  seen.add(
                      letter.payload()
                          + " failed with "
                          + letter.headers().get("millstream-exception")))
          .start();
      // snippet-end
      millstream.advance(Duration.ofSeconds(1));

      assertThat(seen)
          .containsExactly(new Order(7, "12.00") + " failed with " + BillingDown.class.getName());
      assertThat(millstream.deadLetters(orders, "order-workers").get(0).reason()).isNotBlank();
    }
  }
}
