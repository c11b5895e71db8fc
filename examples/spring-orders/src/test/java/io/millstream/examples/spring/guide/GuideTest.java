package io.millstream.examples.spring.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.codec.MessageStream;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.Message;
import io.millstream.message.Outcome;
import io.millstream.publish.PublishSettings;
import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.MillstreamListener;
import io.millstream.spring.MillstreamRetry;
import io.millstream.spring.PublisherCustomizer;
import io.millstream.spring.WorkerCustomizer;
import io.millstream.spring.test.AutoConfigureTestMillstream;
import io.millstream.test.TestMillstream;
import io.millstream.worker.WorkerState;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.Header;
import reactor.core.publisher.Mono;

/** What listeners look like, and what else the guide shows. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE, classes = GuideTest.Application.class)
@AutoConfigureTestMillstream
class GuideTest {
  record Order(long id, @Positive BigDecimal amount) {}

  private static final MessageStream<Order> ORDERS =
      MessageStream.json("order:events", Order.class);
  private static final Order SEVEN = new Order(7, new BigDecimal("12.00"));

  @EnableAutoConfiguration
  @Import({Listeners.class, Customizers.class})
  static class Application {}

  static class Unpaid extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  static class Listeners {
    final List<String> seen = new ArrayList<>();

    // snippet-start: kinds
    @MillstreamListener(stream = "order:events", group = "blocking", concurrency = "64")
    void blocking(@Valid Order order, @Header(name = "source", defaultValue = "?") String source) {
      seen.add("blocking " + source);
    }

    @MillstreamListener(stream = "order:events", group = "reactive")
    Mono<Void> reactive(Message<Order> message) {
      return Mono.fromRunnable(() -> seen.add("reactive " + message.delivery()));
    }

    @MillstreamListener(stream = "order:events", group = "with-outcome")
    Outcome withOutcome(Order order) {
      return order.id() > 0 ? Outcome.ack() : Outcome.deadLetter("no such order");
    }

    @MillstreamListener(stream = "order:events", group = "in-batches", batchSize = "500")
    BatchOutcomes inBatches(List<Order> orders) {
      seen.add(orders.size() + " at once");
      return BatchOutcomes.ackAll();
    }

    // snippet-end

    // snippet-start: retry
    @MillstreamListener(
        stream = "order:events",
        group = "billing",
        retry = @MillstreamRetry(maxDeliveries = "3", deadLetterOn = Unpaid.class))
    void charge(Order order) {
      throw new Unpaid();
    }

    @MillstreamListener(stream = "order:events", deadLettersOf = "billing", group = "on-call")
    void giveUp(Order order, @Header("millstream-exception") String why) {
      seen.add("given up: " + why);
    }
    // snippet-end
  }

  static class Customizers {
    // snippet-start: customizers
    @Bean
    WorkerCustomizer patient() {
      return (id, worker) -> {
        if (id.equals("charge")) {
          worker.handlerTimeout(Duration.ofMinutes(30));
        }
      };
    }

    @Bean
    PublisherCustomizer trims() {
      return (stream, settings) -> PublishSettings.trimTo(1_000_000);
    }
    // snippet-end
  }

  @Autowired TestMillstream millstream;
  @Autowired Listeners listeners;
  @Autowired ListenerRegistry registry;

  @BeforeEach
  void forget() {
    listeners.seen.clear();
  }

  @Test
  void listenersOfAllKinds() {
    millstream.publish(ORDERS, SEVEN);
    millstream.advance(Duration.ofSeconds(1));

    assertThat(listeners.seen)
        .containsExactlyInAnyOrder(
            "blocking ?", "reactive 1", "1 at once", "given up: " + Unpaid.class.getName());
    assertThat(millstream.deadLetterPayloads(ORDERS, "billing")).containsExactly(SEVEN);
  }

  @Test
  void byHand() {
    millstream.advance(Duration.ofSeconds(1));
    // snippet-start: registry
    registry.pause("charge").subscribe(); // reads no more; what runs goes on
    // snippet-end
    millstream.advance(Duration.ofSeconds(1));
    assertThat(registry.worker("charge").state()).isEqualTo(WorkerState.PAUSED);
    registry.resume("charge");
  }
}
