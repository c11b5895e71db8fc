package io.millstream.test.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamMessageListenerContainerOptions;

/** Spring Data Redis works with the Redis in memory as with a real one. */
@SuppressWarnings("unchecked") // the client's own varargs of a generic type
class SpringDataRedisTest {
  private final InMemoryRedis redis = InMemoryRedis.start();
  private final LettuceConnectionFactory connections =
      new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", redis.port()));
  private final StringRedisTemplate template = new StringRedisTemplate();

  @BeforeEach
  void connect() {
    connections.afterPropertiesSet();
    connections.start();
    template.setConnectionFactory(connections);
    template.afterPropertiesSet();
  }

  @AfterEach
  void close() {
    connections.destroy();
    redis.close();
  }

  @Test
  void readsAndAcknowledgesAsAGroup() {
    var streams = template.<String, String>opsForStream();
    streams.createGroup("s", ReadOffset.from("0"), "g");
    RecordId id = streams.add("s", Map.of("order", "7"));

    List<MapRecord<String, String, String>> read =
        streams.read(Consumer.from("g", "c"), StreamOffset.create("s", ReadOffset.lastConsumed()));

    assertThat(read).singleElement().satisfies(r -> assertThat(r.getId()).isEqualTo(id));
    assertThat(streams.pending("s", "g").getTotalPendingMessages()).isEqualTo(1);
    assertThat(streams.acknowledge("s", "g", id)).isEqualTo(1);
    assertThat(streams.groups("s").get(0).pendingCount()).isZero();
    assertThat(streams.info("s").streamLength()).isEqualTo(1);
  }

  @Test
  void aListenerContainerHearsOfEachRecord() throws Exception {
    var streams = template.<String, String>opsForStream();
    streams.createGroup("s", ReadOffset.from("0"), "g");
    BlockingQueue<Map<String, String>> heard = new LinkedBlockingQueue<>();
    var container =
        StreamMessageListenerContainer.create(
            connections,
            StreamMessageListenerContainerOptions.builder()
                .pollTimeout(Duration.ofMillis(50))
                .build());
    container.receiveAutoAck(
        Consumer.from("g", "c"),
        StreamOffset.create("s", ReadOffset.lastConsumed()),
        record -> heard.add(record.getValue()));
    container.start();
    try {
      streams.add("s", Map.of("n", "1"));
      streams.add("s", Map.of("n", "2"));

      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Map.of("n", "1"));
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Map.of("n", "2"));
    } finally {
      container.stop();
    }
  }
}
