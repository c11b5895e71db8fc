package io.millstream.examples.docs;

import static io.millstream.test.MillstreamAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.memory.ServerError;
import io.millstream.entry.EntryId;
import io.millstream.policy.RetryPolicy;
import io.millstream.test.Leftover;
import io.millstream.test.TestMillstream;
import io.millstream.test.WithMillstream;
import io.millstream.test.redis.InMemoryRedis;
import io.millstream.testing.TestRedis;
import io.millstream.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The snippets of the page on testing. */
class TestingTest {
  record Order(long id, String amount) {}

  static final class BillingDown extends RuntimeException {
    private static final long serialVersionUID = 1;

    BillingDown() {
      super("no answer");
    }
  }

  private static final class Billing {
    final List<Order> charged = new CopyOnWriteArrayList<>();
    boolean down;

    Mono<Void> charge(Order order) {
      return Mono.fromRunnable(
          () -> {
            if (down) {
              throw new BillingDown();
            }
            charged.add(order);
          });
    }
  }

  // snippet-start: production
  static final MessageStream<Order> ORDERS = MessageStream.json("order:events", Order.class);

  static Worker startBilling(Millstream millstream, Billing billing) {
    return millstream
        .worker(ORDERS, "billing")
        .retry(RetryPolicy.exponential(Duration.ofSeconds(1)).maxDeliveries(5))
        .handle(message -> billing.charge(message.payload()))
        .start();
  }

  // snippet-end

  @Nested
  class First {
    private final Billing billing = new Billing();

    // snippet-start: first
    @Test
    void chargesAnOrder() {
      try (TestMillstream millstream = TestMillstream.create()) {
        startBilling(millstream, billing); // as in production

        millstream.publish(ORDERS, new Order(7, "12.00"));
        millstream.advance(Duration.ofSeconds(1));

        assertThat(billing.charged).containsExactly(new Order(7, "12.00"));
      }
    }
    // snippet-end
  }

  @Nested
  // snippet-start: extension
  @WithMillstream(strict = true)
  class BillingTest {
    private final Billing billing = new Billing();

    @Test
    void givesUpAfterFiveDeliveries(TestMillstream millstream) {
      billing.down = true;
      startBilling(millstream, billing);
      millstream.publish(ORDERS, new Order(7, "12.00"));

      millstream.advance(Duration.ofHours(1)); // takes milliseconds

      assertThat(millstream).stream(ORDERS)
          .group("billing")
          .isDone()
          .deadLetter()
          .hasPayload(new Order(7, "12.00"))
          .hasReason("deliveries spent")
          .hasDeliveries(5)
          .failedWith(BillingDown.class);
    }
  }

  // snippet-end

  @Nested
  @WithMillstream(strict = true)
  class More {
    private final Billing billing = new Billing();

    // snippet-start: retried
    @Test
    void chargesWhenBillingIsBack(TestMillstream millstream) {
      billing.down = true;
      startBilling(millstream, billing);
      EntryId order = millstream.publish(ORDERS, new Order(7, "12.00"));
      millstream.advance(Duration.ZERO); // what is due now
      assertThat(millstream).stream(ORDERS)
          .group("billing")
          .hasPending(1)
          .hasFailures(1, BillingDown.class);

      billing.down = false;
      millstream.advance(Duration.ofMinutes(1));

      assertThat(millstream).stream(ORDERS)
          .group("billing")
          .message(order)
          .wasDelivered(2)
          .isAcknowledged();
    }

    // snippet-end

    // snippet-start: allow
    @Test
    @WithMillstream(strict = true, allow = Leftover.PENDING)
    void aSlowOrderStaysWithItsWorker(TestMillstream millstream) {
      millstream
          .worker(ORDERS, "billing")
          .consumer("billing-1")
          .handle(message -> Mono.delay(Duration.ofHours(2), millstream.time()))
          .handlerTimeout(Duration.ofHours(3))
          .start();
      EntryId order = millstream.publish(ORDERS, new Order(7, "12.00"));

      millstream.advance(Duration.ofHours(1)); // sixty visibility timeouts

      assertThat(millstream).stream(ORDERS)
          .group("billing")
          .message(order)
          .wasDelivered(1)
          .isHeldBy("billing-1");
    }

    // snippet-end

    @Test
    void troubleWithTheServer(TestMillstream millstream) {
      startBilling(millstream, billing);
      millstream.advance(Duration.ofSeconds(1));
      // snippet-start: faults
      // the next three acknowledgements of this group fail
      millstream.faults().on("XACK").stream("order:events")
          .group("billing")
          .times(3)
          .fail(ServerError.OOM);

      // the second read from now takes effect, and its reply is lost
      millstream.faults().on("XREADGROUP").after(1).loseReply();

      // a step of Millstream's own; then all connections break, and come back at once
      millstream.faults().on("renew").dropConnection();

      // a server that reads its data after a restart, for a minute
      millstream.faults().onAny().always().fail(ServerError.LOADING);
      millstream.advance(Duration.ofMinutes(1));
      millstream.faults().clear();

      // no server at all, for an hour
      millstream.faults().disconnect();
      millstream.advance(Duration.ofHours(1));
      millstream.faults().connect();

      // its clock is set right
      millstream.faults().jumpClock(Duration.ofSeconds(-30));
      // snippet-end
      millstream.advance(Duration.ofMinutes(1));
      millstream.publish(ORDERS, new Order(7, "12.00"));
      millstream.advance(Duration.ofMinutes(10));
      assertThat(billing.charged).containsOnly(new Order(7, "12.00"));
    }

    // snippet-start: crash
    @Test
    void anotherWorkerTakesOver(TestMillstream millstream) {
      TestMillstream doomed = millstream.anotherProcess(); // same Redis, same time
      doomed
          .worker(ORDERS, "billing")
          .handle(message -> Mono.delay(Duration.ofSeconds(30), doomed.time()))
          .start();
      EntryId order = millstream.publish(ORDERS, new Order(7, "12.00"));
      millstream.advance(Duration.ofSeconds(10));

      doomed.crash(); // as kill -9
      startBilling(millstream, billing);
      millstream.advance(Duration.ofMinutes(2));

      assertThat(millstream).stream(ORDERS)
          .group("billing")
          .message(order)
          .wasDelivered(2)
          .isAcknowledged();
    }

    @Test
    void takesUpWhatAConsumerLeftThatIsGone(TestMillstream millstream) {
      millstream.publish(ORDERS, new Order(7, "12.00"));
      millstream.crashHolding(ORDERS, "billing", "old-pod", 1);

      startBilling(millstream, billing);
      millstream.advance(Duration.ofMinutes(2));

      assertThat(millstream).stream(ORDERS).group("billing").holdsNothing("old-pod").isDone();
    }

    // snippet-end

    // snippet-start: publisher
    @Test
    void publishesWhatWasOrdered(TestMillstream millstream) {
      millstream.publisher(ORDERS).publish(new Order(7, "12.00")).block();

      assertThat(millstream).stream(ORDERS).payloads().containsExactly(new Order(7, "12.00"));
    }

    // snippet-end
  }

  @Nested
  @WithMillstream
  class OtherClients {
    // snippet-start: other-clients
    @Test
    void anotherClientPublishes(InMemoryRedis redis) { // on a free port, in real time
      RedisClient client = RedisClient.create(redis.uri());
      try (StatefulRedisConnection<String, String> connection = client.connect();
          Millstream millstream = Millstream.inMemory(redis.server())) {
        millstream.publisher(ORDERS).publish(new Order(7, "12.00")).block();

        List<StreamMessage<String, String>> read =
            connection.sync().xrange("order:events", Range.unbounded());

        assertThat(read.get(0).getBody()).containsKey("payload");
      } finally {
        client.shutdown();
      }
    }
    // snippet-end
  }

  @Test
  @Tag("redis")
  void theSameWorkerOnARealServer() {
    String uri = TestRedis.uri();
    MessageStream<Order> orders = MessageStream.json(TestRedis.key(), Order.class);
    Billing billing = new Billing();
    // snippet-start: real
    try (Millstream millstream = Millstream.connect(uri)) {
      millstream
          .worker(orders, "billing")
          .handle(message -> billing.charge(message.payload()))
          .start();
      millstream.publisher(orders).publish(new Order(7, "12.00")).block();

      await().until(() -> billing.charged.contains(new Order(7, "12.00"))); // real time
    }
    // snippet-end
  }
}
