package io.millstream.observe.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.message.BatchOutcomes;
import io.millstream.message.Headers;
import io.millstream.policy.RetryPolicy;
import io.millstream.worker.WorkerBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a tracer is told, whichever it is. */
abstract class TracesContract {
  static final MessageStream<String> ORDERS = MessageStream.string("orders");
  static final MessageStream<String> INVOICES = MessageStream.string("invoices");

  final ObservationRegistry registry = ObservationRegistry.create();
  private final Millstream millstream =
      Millstream.inMemory(
          InMemoryServer.create(Schedulers.parallel()),
          MicrometerObserver.builder().traces(registry).build());

  /** All spans that ended. */
  abstract List<Span> spans();

  abstract Tracer tracer();

  abstract Propagator propagator();

  /** The handlers as Spring Boot puts them. */
  final void trace() {
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler.FirstMatchingCompositeObservationHandler(
                new PropagatingSenderTracingObservationHandler<>(tracer(), propagator()),
                new PropagatingReceiverTracingObservationHandler<>(tracer(), propagator()),
                new DefaultTracingObservationHandler(tracer())));
  }

  @AfterEach
  void close() {
    millstream.close();
  }

  private WorkerBuilder<String> worker() {
    return millstream
        .worker(ORDERS, "billing")
        .consumer("me")
        .blockTimeout(Duration.ofMillis(50))
        .retry(RetryPolicy.fixed(Duration.ofMillis(1)));
  }

  private void publishWithin(String observation) {
    Observation.createNotStarted(observation, registry)
        .observe(() -> millstream.publisher(ORDERS).publish("one").block());
  }

  private List<Span> await(int count) {
    Awaitility.await().until(() -> spans().size() >= count);
    assertThat(spans()).hasSize(count);
    return spans();
  }

  private Span only(String name) {
    return spans().stream()
        .filter(span -> span.name().equals(name))
        .reduce(
            (one, two) -> {
              throw new AssertionError("several: " + one + ", " + two);
            })
        .orElseThrow(() -> new AssertionError("no " + name + " in " + spans()));
  }

  private List<Span> all(String name) {
    return spans().stream()
        .filter(span -> span.name().equals(name))
        .sorted(Comparator.comparing(span -> span.tag("millstream.delivery")))
        .toList();
  }

  @Test
  void aPublishTwoFailedDeliveriesAndASuccessAreOneTree() {
    AtomicInteger calls = new AtomicInteger();
    worker()
        .handle(
            message ->
                calls.incrementAndGet() < 3
                    ? Mono.error(new IllegalStateException("not yet"))
                    : Mono.empty())
        .start();

    publishWithin("request");
    await(5);

    Span request = only("request");
    Span publish = only("publish orders");
    List<Span> deliveries = all("process orders");
    assertThat(publish.parent()).isEqualTo(request.id());
    assertThat(publish.kind()).isEqualTo("PRODUCER");
    assertThat(publish.failed()).isFalse();
    assertThat(deliveries)
        .hasSize(3)
        .allSatisfy(
            delivery -> {
              assertThat(delivery.trace()).isEqualTo(request.trace());
              assertThat(delivery.parent()).isEqualTo(publish.id());
              assertThat(delivery.kind()).isEqualTo("CONSUMER");
              assertThat(delivery.tag("messaging.message.id"))
                  .isNotEmpty()
                  .isEqualTo(publish.tag("messaging.message.id"));
            });
    assertThat(deliveries).extracting(Span::failed).containsExactly(true, true, false);
    assertThat(deliveries)
        .extracting(span -> span.tag("millstream.delivery"))
        .containsExactly("1", "2", "3");
    assertThat(deliveries)
        .extracting(span -> span.tag("outcome"))
        .containsExactly("failure", "failure", "ack");
  }

  @Test
  void spansAreCalledAsOpenTelemetryCallsThem() {
    worker()
        .handle(message -> Mono.error(new IllegalStateException()))
        .retry(RetryPolicy.none())
        .start();

    publishWithin("request");
    await(3);

    assertThat(only("publish orders").tags())
        .containsEntry("messaging.system", "redis")
        .containsEntry("messaging.operation.name", "publish")
        .containsEntry("messaging.operation.type", "send")
        .containsEntry("messaging.destination.name", "orders")
        .containsEntry("outcome", "success");
    assertThat(only("process orders").tags())
        .containsEntry("messaging.system", "redis")
        .containsEntry("messaging.operation.name", "process")
        .containsEntry("messaging.operation.type", "process")
        .containsEntry("messaging.destination.name", "orders")
        .containsEntry("messaging.consumer.group.name", "billing")
        .containsEntry("messaging.client.id", "me")
        .containsEntry("error.type", IllegalStateException.class.getName());
  }

  @Test
  void whatAReactiveHandlerPublishesBelongsToTheDelivery() {
    worker()
        .handle(
            message ->
                Mono.just("invoice")
                    .publishOn(Schedulers.single()) // no thread knows of it any more
                    .flatMap(invoice -> millstream.publisher(INVOICES).publish(invoice))
                    .then())
        .start();

    publishWithin("request");
    await(4);

    assertThat(only("publish invoices").parent()).isEqualTo(only("process orders").id());
  }

  @Test
  void whatABlockingHandlerDoesBelongsToTheDelivery() {
    worker()
        .handleBlocking(
            message -> {
              Observation.createNotStarted("charge", registry).observe(() -> {});
              millstream.publisher(INVOICES).publish("invoice").block();
            })
        .start();

    publishWithin("request");
    await(5);

    assertThat(only("charge").parent()).isEqualTo(only("process orders").id());
    assertThat(only("publish invoices").parent()).isEqualTo(only("process orders").id());
  }

  @Test
  void withReactorsContextPropagationAReactiveHandlersThreadsKnowTheDelivery() {
    Hooks.enableAutomaticContextPropagation();
    try {
      worker()
          .handle(
              message ->
                  Mono.just("order")
                      .publishOn(Schedulers.single())
                      .doOnNext(
                          order ->
                              Observation.createNotStarted("charge", registry).observe(() -> {}))
                      .then())
          .start();

      publishWithin("request");
      await(4);

      assertThat(only("charge").parent()).isEqualTo(only("process orders").id());
    } finally {
      Hooks.disableAutomaticContextPropagation();
    }
  }

  @Test
  void whatIsPublishedInARowBelongsToItsPublisher() {
    Observation.createNotStarted("request", registry)
        .observe(
            () ->
                millstream
                    .publisher(ORDERS)
                    .publishAll(Flux.just("one", "two", "three"))
                    .blockLast());
    await(4);

    assertThat(all("publish orders")).extracting(Span::parent).containsOnly(only("request").id());
  }

  @Test
  void eachMessageOfABatchHasItsOwnTrace() {
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    publishWithin("first");
    publishWithin("second");
    worker()
        .handleBatch(
            10,
            batch -> {
              sizes.add(batch.size());
              return Mono.just(BatchOutcomes.ackAll());
            })
        .start();
    await(6);

    assertThat(sizes).containsExactly(2);
    Map<String, String> publishes =
        all("publish orders").stream().collect(Collectors.toMap(Span::id, Span::trace));
    assertThat(all("process orders"))
        .extracting(Span::trace)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(publishes.values());
    assertThat(all("process orders"))
        .allSatisfy(span -> assertThat(publishes).containsKey(span.parent()));
  }

  @Test
  void aMessageThatCannotBeDecodedHasAFailedDelivery() {
    MessageStream<Integer> numbers = MessageStream.json("orders", Integer.class);
    millstream
        .worker(numbers, "billing")
        .blockTimeout(Duration.ofMillis(50))
        .handle(message -> Mono.empty())
        .start();

    publishWithin("request");
    await(3);

    assertThat(only("process orders").failed()).isTrue();
    assertThat(only("process orders").parent()).isEqualTo(only("publish orders").id());
  }

  @Test
  void theContextTravelsInAHeaderBesideTheOthers() {
    List<Headers> seen = new CopyOnWriteArrayList<>();
    worker()
        .handle(
            message -> {
              seen.add(message.headers());
              return Mono.empty();
            })
        .start();

    millstream.publisher(ORDERS).publish("one", Headers.of("tenant", "7")).block();
    await(2);

    Span publish = only("publish orders");
    assertThat(seen.get(0).get("tenant")).isEqualTo("7");
    assertThat(seen.get(0).get("traceparent"))
        .startsWith("00-" + publish.trace() + "-" + publish.id() + "-");
  }

  @Test
  void aConventionOfOnesOwnIsHeeded() {
    registry.observationConfig().observationConvention(new Named());

    millstream.publisher(ORDERS).publish("one").block();
    await(1);

    assertThat(only("to orders").tags()).containsEntry("stream", "orders");
  }

  /** What a user may write. */
  private static final class Named implements GlobalObservationConvention<PublishContext> {
    @Override
    public boolean supportsContext(Observation.Context context) {
      return context instanceof PublishContext;
    }

    @Override
    public String getContextualName(PublishContext context) {
      return "to " + context.stream();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(PublishContext context) {
      return KeyValues.of("stream", context.stream());
    }
  }

  @Test
  void whatListensAndFailsHarmsNoMessage() {
    List<String> broken = new ArrayList<>();
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler<>() {
              @Override
              public boolean supportsContext(Observation.Context context) {
                return true;
              }

              @Override
              public void onStart(Observation.Context context) {
                broken.add(context.getName());
                throw new IllegalStateException("a broken exporter");
              }
            });
    List<String> seen = new CopyOnWriteArrayList<>();
    worker()
        .handle(
            message -> {
              seen.add(message.payload() + " " + message.delivery());
              return Mono.empty();
            })
        .start();

    millstream.publisher(ORDERS).publish("one").block();
    Awaitility.await().until(() -> !seen.isEmpty());

    assertThat(seen).containsExactly("one 1");
    assertThat(broken).contains("millstream.publish", "millstream.process");
  }
}
