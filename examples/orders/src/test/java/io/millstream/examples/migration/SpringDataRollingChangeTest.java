package io.millstream.examples.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.message.Message;
import io.millstream.testing.TestRedis;
import io.millstream.worker.Worker;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamMessageListenerContainerOptions;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamReadRequest;
import reactor.core.publisher.Mono;

/** A group's listener container is replaced by a worker while messages go on coming in. */
@Tag("redis")
class SpringDataRollingChangeTest {
  private static final String GROUP = "billing";
  private static final int MESSAGES = 1_000;

  private final String key = TestRedis.key();
  private final Map<String, Integer> bySpring = new ConcurrentHashMap<>();
  private final Map<String, Integer> byMillstream = new ConcurrentHashMap<>();
  private final Set<String> failedInSpring = ConcurrentHashMap.newKeySet();
  private LettuceConnectionFactory factory;
  private StringRedisTemplate redis;
  private Millstream millstream;

  @BeforeEach
  void connect() {
    URI uri = URI.create(TestRedis.uri());
    factory =
        new LettuceConnectionFactory(
            new RedisStandaloneConfiguration(uri.getHost(), uri.getPort()));
    factory.afterPropertiesSet();
    factory.start();
    redis = new StringRedisTemplate(factory);
    millstream = Millstream.connect(TestRedis.uri());
  }

  @AfterEach
  void disconnect() {
    millstream.close();
    redis.delete(key);
    factory.destroy();
  }

  /** As services have it: acknowledged after success; what fails stays pending and nobody looks. */
  private StreamMessageListenerContainer<String, MapRecord<String, String, String>> container() {
    redis.opsForStream().createGroup(key, ReadOffset.from("0"), GROUP);
    var container =
        StreamMessageListenerContainer.create(
            factory,
            StreamMessageListenerContainerOptions.builder()
                .pollTimeout(Duration.ofMillis(100))
                .build());
    container.register(
        StreamReadRequest.builder(StreamOffset.create(key, ReadOffset.lastConsumed()))
            .consumer(Consumer.from(GROUP, "spring"))
            .autoAcknowledge(false)
            .cancelOnError(error -> false)
            .build(),
        this::handle);
    container.start();
    return container;
  }

  private void handle(MapRecord<String, String, String> entry) {
    String payload = Objects.requireNonNull(entry.getValue().get("payload"));
    if (payload.endsWith("0")) {
      failedInSpring.add(payload);
      return;
    }
    bySpring.merge(payload, 1, Integer::sum);
    redis.opsForStream().acknowledge(GROUP, entry);
  }

  private Mono<Void> handle(Message<String> message) {
    return Mono.fromRunnable(() -> byMillstream.merge(message.payload(), 1, Integer::sum));
  }

  private void publish(int from, int to) {
    for (int i = from; i < to; i++) {
      redis.opsForStream().add(MapRecord.create(key, Map.of("payload", "order-" + i)));
    }
  }

  private long pending() {
    return Objects.requireNonNull(redis.opsForStream().pending(key, GROUP))
        .getTotalPendingMessages();
  }

  @Test
  void everyMessageIsHandledThoughTheContainerLeftSomePending() {
    var container = container();
    publish(0, 300);
    await().until(() -> bySpring.size() + failedInSpring.size() == 300);

    Worker worker =
        millstream
            .worker(MessageStream.string(key), GROUP)
            .visibilityTimeout(Duration.ofSeconds(2))
            .handle(this::handle)
            .start();
    publish(300, 700);
    container.stop();
    publish(700, MESSAGES);

    await().untilAsserted(() -> assertThat(handled()).hasSize(MESSAGES));
    await().until(() -> pending() == 0);
    worker.stop().block();

    assertThat(bySpring).isNotEmpty();
    assertThat(byMillstream.keySet()).containsAll(failedInSpring);
    System.out.printf(
        "rolling change: %d published, %d handled by the container, %d by the worker, %d of them"
            + " taken over after the container failed, %d handled by both, 0 lost, 0 pending%n",
        MESSAGES,
        bySpring.size(),
        byMillstream.size(),
        failedInSpring.size(),
        bySpring.keySet().stream().filter(byMillstream::containsKey).count());
  }

  private Set<String> handled() {
    Set<String> handled = new TreeSet<>(bySpring.keySet());
    handled.addAll(byMillstream.keySet());
    return handled;
  }
}
