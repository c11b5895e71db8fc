package io.millstream.test.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.ProtocolVersion;
import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.PendingArgs;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A worker that thinks it is on a real Redis, over the port of the one in memory. */
@ParameterizedClass
@EnumSource(names = {"RESP2", "RESP3"})
class WorkerOverRespTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");
  private static final String GROUP = "workers";

  private final InMemoryRedis redis = InMemoryRedis.start();
  private final RedisClient client = RedisClient.create(redis.uri());
  private final Millstream millstream;

  WorkerOverRespTest(ProtocolVersion protocol) {
    client.setOptions(ClientOptions.builder().protocolVersion(protocol).build());
    millstream = Millstream.using(client);
  }

  @AfterEach
  void close() {
    millstream.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    redis.close();
  }

  @Test
  void handlesEachMessageOnceAndLeavesNothingPending() {
    List<String> handled = new CopyOnWriteArrayList<>();
    millstream
        .worker(JOBS, GROUP)
        .concurrency(8)
        .handle(message -> Mono.fromRunnable(() -> handled.add(message.payload())))
        .start();
    List<String> jobs = IntStream.range(0, 500).mapToObj(i -> "job-" + i).toList();
    millstream.publisher(JOBS).publishAll(Flux.fromIterable(jobs)).blockLast();

    Awaitility.await().until(() -> handled.size() >= 500 && pending() == 0);

    assertThat(handled).containsExactlyInAnyOrderElementsOf(jobs);
  }

  @Test
  void retriesUntilDeliveriesAreSpentThenDeadLetters() {
    List<Long> deliveries = new CopyOnWriteArrayList<>();
    millstream
        .worker(JOBS, GROUP)
        .retry(RetryPolicy.exponential(Duration.ofMillis(5)).maxDeliveries(3))
        .handle(
            message -> {
              deliveries.add(message.delivery());
              return Mono.error(new IllegalStateException("no"));
            })
        .start();
    millstream.publisher(JOBS).publish("poison").block();

    Awaitility.await().until(() -> deadLetters() == 1 && pending() == 0);

    assertThat(deliveries).containsExactly(1L, 2L, 3L);
  }

  @Test
  void readsWhatWasPublishedInThisProcess() {
    try (Millstream inside = Millstream.inMemory(redis.server())) {
      inside.publisher(JOBS).publish("shared").block();
    }
    List<String> handled = new CopyOnWriteArrayList<>();
    millstream
        .worker(JOBS, GROUP)
        .handle(message -> Mono.fromRunnable(() -> handled.add(message.payload())))
        .start();

    Awaitility.await().until(() -> handled.size() == 1);

    assertThat(handled).containsExactly("shared");
  }

  private long pending() {
    return Objects.requireNonNull(
            millstream
                .engine()
                .groups()
                .pending(JOBS.name(), GROUP, PendingArgs.all(1_000))
                .block())
        .size();
  }

  private long deadLetters() {
    return Objects.requireNonNull(
        millstream.engine().streams().length(JOBS.deadLetterKey(GROUP)).block());
  }
}
