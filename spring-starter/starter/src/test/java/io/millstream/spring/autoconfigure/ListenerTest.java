package io.millstream.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.codec.MessageStream;
import io.millstream.entry.Fields;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.Headers;
import io.millstream.message.Message;
import io.millstream.message.Outcome;
import io.millstream.spring.MillstreamListener;
import io.millstream.spring.MillstreamRetry;
import io.millstream.test.DeadLetter;
import io.millstream.test.TestMillstream;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.annotation.Validated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What listeners take and return. */
class ListenerTest {
  record Order(@Positive long id, String amount) {}

  record Event<T>(String kind, T body) {}

  private static final MessageStream<Order> ORDERS = MessageStream.json("orders", Order.class);
  private static final Order SEVEN = new Order(7, "12.00");

  /** What listeners have noted, newest last. */
  abstract static class Noting {
    final List<Object> seen = new ArrayList<>();
  }

  private static <B extends Noting> void with(Class<B> bean, Consumer<App<B>> test) {
    Apps.virtual()
        .withBean(bean)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              test.accept(new App<>(context.getBean(TestMillstream.class), context.getBean(bean)));
            });
  }

  record App<B extends Noting>(TestMillstream millstream, B bean) {
    List<Object> afterOne(Order order) {
      millstream.publish(ORDERS, order);
      return afterSeconds(1);
    }

    List<Object> afterSeconds(long seconds) {
      millstream.advance(Duration.ofSeconds(seconds));
      return bean.seen;
    }

    List<String> reasons() {
      return millstream.deadLetters(ORDERS, "g").stream().map(DeadLetter::reason).toList();
    }
  }

  static class Plain extends Noting {
    @MillstreamListener(stream = "orders", group = "g")
    void handle(Order order) {
      seen.add(order);
    }
  }

  @Test
  void aPayloadIsReadFromJson() {
    with(Plain.class, app -> assertThat(app.afterOne(SEVEN)).containsExactly(SEVEN));
  }

  static class Everything extends Noting {
    @MillstreamListener(stream = "orders", group = "g")
    void handle(
        Message<Order> message,
        Headers headers,
        @Header("source") String from,
        @Header("retries") int times,
        @Header(name = "none", required = false) String none,
        @Header(defaultValue = "42") long answer,
        @Payload Order order) {
      seen.addAll(
          List.of(
              message.delivery(),
              headers.names(),
              from,
              times,
              String.valueOf(none),
              answer,
              order));
    }
  }

  @Test
  void messageHeadersAndPayloadComeTogether() {
    with(
        Everything.class,
        app -> {
          app.millstream().publish(ORDERS, SEVEN, Headers.of("source", "web").with("retries", "3"));
          assertThat(app.afterSeconds(1))
              .containsExactly(1L, List.of("source", "retries"), "web", 3, "null", 42L, SEVEN);
        });
  }

  @Test
  void aHeaderThatIsMissingOrWrongMakesADeadLetterAtOnce() {
    with(
        Everything.class,
        app -> {
          assertThat(app.afterOne(SEVEN)).isEmpty();
          app.millstream()
              .publish(ORDERS, SEVEN, Headers.of("source", "web").with("retries", "secret"));
          app.afterSeconds(1);
          assertThat(app.millstream().deadLetters(ORDERS, "g")).hasSize(2);
          assertThat(app.millstream().deadLetters(ORDERS, "g"))
              .extracting(DeadLetter::exceptionMessage)
              .containsExactly("header 'source': missing", "header 'retries': not of type int");
          assertThat(app.bean().seen).isEmpty();
        });
  }

  static class ReactiveHeader extends Noting {
    @MillstreamListener(stream = "orders", group = "g")
    Mono<Void> handle(Order order, @Header("retries") int retries) {
      seen.add(retries);
      return Mono.empty();
    }
  }

  @Test
  void aHeaderIsMissedByListenersThatReturnAMonoToo() {
    with(
        ReactiveHeader.class,
        app -> {
          assertThat(app.afterOne(SEVEN)).isEmpty();
          assertThat(app.reasons()).containsExactly("header 'retries': missing");
        });
  }

  static class Simple extends Noting {
    @MillstreamListener(stream = "text", group = "g")
    void text(String text) {
      seen.add(text);
    }

    @MillstreamListener(stream = "bytes", group = "g")
    void bytes(byte[] bytes) {
      seen.add(bytes.length);
    }

    @MillstreamListener(stream = "fields", group = "g")
    void fields(Fields fields) {
      seen.add(String.valueOf(fields.text("orderId")));
    }

    @MillstreamListener(stream = "numbers", group = "g")
    void number(int number) {
      seen.add(number);
    }

    @MillstreamListener(stream = "events", group = "g")
    void event(Event<Order> event) {
      seen.add(event.body());
    }
  }

  @Test
  void textBytesFieldsNumbersAndTypesWithArgumentsAreRead() {
    with(
        Simple.class,
        app -> {
          TestMillstream millstream = app.millstream();
          millstream.publish(MessageStream.string("text"), "hello");
          millstream.publish(MessageStream.bytes("bytes"), new byte[5]);
          millstream.publish(MessageStream.fields("fields"), Fields.of("orderId", "7"));
          millstream.publish(MessageStream.string("numbers"), "9");
          millstream.publish(
              MessageStream.string("events"),
              "{\"kind\":\"made\",\"body\":{\"id\":7,\"amount\":\"12.00\"}}");
          assertThat(app.afterSeconds(1)).containsExactlyInAnyOrder("hello", 5, "7", 9, SEVEN);
        });
  }

  static class Batches extends Noting {
    @MillstreamListener(stream = "orders", group = "g", batchSize = "2")
    void handle(List<Order> orders) {
      seen.add(orders.stream().map(Order::id).toList());
    }
  }

  @Test
  void aListIsABatch() {
    with(
        Batches.class,
        app -> {
          for (long id = 1; id <= 3; id++) {
            app.millstream().publish(ORDERS, new Order(id, "1"));
          }
          assertThat(app.afterSeconds(1)).containsExactly(List.of(1L, 2L), List.of(3L));
          assertThat(app.millstream().pending(ORDERS, "g")).isEmpty();
        });
  }

  static class BatchesWithOutcomes extends Noting {
    @MillstreamListener(stream = "orders", group = "g")
    BatchOutcomes blocking(List<Message<Order>> orders) {
      return BatchOutcomes.ackAll().with(orders.get(0), Outcome.deadLetter("blocking"));
    }

    @MillstreamListener(stream = "orders", group = "reactive")
    Mono<BatchOutcomes> reactive(List<Message<Order>> orders) {
      return Mono.just(BatchOutcomes.ackAll().with(orders.get(0), Outcome.deadLetter("reactive")));
    }

    @MillstreamListener(stream = "orders", group = "all")
    Outcome all(List<Order> orders) {
      return Outcome.deadLetter("all");
    }
  }

  @Test
  void aBatchEndsEachMessageAsItSays() {
    with(
        BatchesWithOutcomes.class,
        app -> {
          app.millstream().publish(ORDERS, new Order(1, "1"));
          app.millstream().publish(ORDERS, new Order(2, "2"));
          app.afterSeconds(1);
          assertThat(app.millstream().deadLetterPayloads(ORDERS, "g"))
              .containsExactly(new Order(1, "1"));
          assertThat(app.millstream().deadLetterPayloads(ORDERS, "reactive"))
              .containsExactly(new Order(1, "1"));
          assertThat(app.millstream().deadLetterPayloads(ORDERS, "all")).hasSize(2);
        });
  }

  static class Returns extends Noting {
    @MillstreamListener(stream = "orders", group = "outcome")
    Outcome outcome(Order order) {
      return Outcome.deadLetter("outcome");
    }

    @MillstreamListener(stream = "orders", group = "mono")
    Mono<Outcome> mono(Order order) {
      return Mono.just(Outcome.deadLetter("mono"));
    }

    @MillstreamListener(stream = "orders", group = "flux")
    Flux<Object> flux(Order order) {
      return Flux.just("a", Outcome.ack(), Outcome.deadLetter("flux"), "b")
          .concatWith(Mono.fromRunnable(() -> seen.add("to the end")));
    }

    @MillstreamListener(stream = "orders", group = "stage")
    CompletionStage<Outcome> stage(Order order) {
      return CompletableFuture.completedFuture(Outcome.deadLetter("stage"));
    }

    @MillstreamListener(stream = "orders", group = "empty")
    CompletableFuture<Void> empty(Order order) {
      seen.add("empty");
      return CompletableFuture.completedFuture(null);
    }
  }

  @Test
  void whatIsReturnedIsWaitedForAndObeyed() {
    with(
        Returns.class,
        app -> {
          assertThat(app.afterOne(SEVEN)).containsExactlyInAnyOrder("to the end", "empty");
          for (String group : List.of("outcome", "mono", "flux", "stage")) {
            assertThat(app.millstream().deadLetterPayloads(ORDERS, group))
                .as(group)
                .containsExactly(SEVEN);
          }
          assertThat(app.millstream().deadLetters(ORDERS, "empty")).isEmpty();
          assertThat(app.millstream().pending(ORDERS, "empty")).isEmpty();
        });
  }

  static class Failing extends Noting {
    @MillstreamListener(
        stream = "orders",
        group = "g",
        retry =
            @MillstreamRetry(
                delay = "1s",
                jitter = "0",
                deadLetterOn = UnsupportedOperationException.class))
    void handle(Message<Order> message) throws Exception {
      seen.add(message.delivery());
      if (message.payload().id() == 1) {
        throw new UnsupportedOperationException("no");
      }
      throw new Exception("checked");
    }
  }

  @Test
  void whatItThrowsIsAFailedDeliveryByItsOwnType() {
    with(
        Failing.class,
        app -> {
          assertThat(app.afterOne(new Order(1, "1"))).containsExactly(1L);
          assertThat(app.reasons()).containsExactly("not retryable");
          app.bean().seen.clear();
          app.afterOne(new Order(2, "2"));
          assertThat(app.afterSeconds(3600)).containsExactly(1L, 2L, 3L, 4L, 5L);
          assertThat(app.reasons()).containsExactly("not retryable", "deliveries spent");
        });
  }

  static class Validating extends Noting {
    @MillstreamListener(stream = "orders", group = "g")
    void handle(@Valid Order order) {
      seen.add(order.id());
    }

    @MillstreamListener(stream = "orders", group = "batch")
    void batch(@Validated List<Message<Order>> orders) {
      orders.forEach(order -> seen.add("batch " + order.payload().id()));
    }
  }

  @Test
  void whatIsNotValidIsADeadLetterAtOnceAndTheOthersOfItsBatchAreNot() {
    with(
        Validating.class,
        app -> {
          app.millstream().publish(ORDERS, new Order(-1, "secret"));
          app.millstream().publish(ORDERS, SEVEN);
          assertThat(app.afterSeconds(1)).containsExactlyInAnyOrder(7L, "batch 7");
          assertThat(app.millstream().deadLetters(ORDERS, "g"))
              .extracting(DeadLetter::exceptionMessage)
              .containsExactly("not valid: id (Positive)");
          assertThat(app.millstream().deadLetters(ORDERS, "batch")).hasSize(1);
        });
  }

  static class Resolved extends Noting {
    @MillstreamListener(
        id = "${listener.id}",
        stream = "#{'ord' + 'ers'}",
        group = "${the.group:g}",
        concurrency = "#{2 * 3}")
    Mono<Void> handle(Order order) {
      seen.add(order);
      return Mono.never();
    }
  }

  @Test
  void placeholdersAndExpressionsAreResolved() {
    Apps.virtual()
        .withBean(Resolved.class)
        .withPropertyValues("listener.id=from-a-property")
        .run(
            context -> {
              TestMillstream millstream = context.getBean(TestMillstream.class);
              for (long id = 1; id <= 10; id++) {
                millstream.publish(ORDERS, new Order(id, "1"));
              }
              millstream.advance(Duration.ofSeconds(1));
              assertThat(context.getBean(Resolved.class).seen).hasSize(6);
              assertThat(context.getBean(Listeners.class).ids()).containsExactly("from-a-property");
            });
  }

  static class FieldMaps extends Noting {
    @MillstreamListener(stream = "orders", group = "g")
    void handle(Order order) {
      seen.add(order);
    }

    @Bean
    MessageStream<Order> orders() {
      return MessageStream.fieldMap("orders", Order.class);
    }
  }

  @Test
  void aMessageStreamBeanOfThatKeyBringsItsCodec() {
    with(
        FieldMaps.class,
        app -> {
          app.millstream()
              .publish(MessageStream.fields("orders"), Fields.of("id", "7", "amount", "12.00"));
          assertThat(app.afterSeconds(1)).containsExactly(SEVEN);
        });
  }

  static class DeadLetters extends Noting {
    @MillstreamListener(
        stream = "orders",
        group = "g",
        retry = @MillstreamRetry(maxDeliveries = "1"))
    void charge(Order order) {
      throw new IllegalStateException("no money");
    }

    @MillstreamListener(stream = "orders", deadLettersOf = "g", group = "people")
    void letters(Order order, @Header("millstream-exception") String why) {
      seen.add(order.id() + " " + why);
    }
  }

  @Test
  void deadLettersAreListenedTo() {
    with(
        DeadLetters.class,
        app ->
            assertThat(app.afterOne(SEVEN))
                .containsExactly("7 " + IllegalStateException.class.getName()));
  }
}
