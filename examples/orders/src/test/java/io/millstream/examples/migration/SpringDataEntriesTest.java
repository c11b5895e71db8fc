package io.millstream.examples.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.Codec;
import io.millstream.codec.MessageStream;
import io.millstream.entry.Fields;
import io.millstream.message.Headers;
import io.millstream.message.Message;
import io.millstream.testing.TestRedis;
import io.millstream.worker.Worker;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ObjectRecord;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.data.redis.core.StringRedisTemplate;
import reactor.core.publisher.Mono;

/** Entries that Spring Data Redis writes are read by Millstream, and the other way round. */
@Tag("redis")
class SpringDataEntriesTest {
  private static final String GROUP = "billing";

  record Placed(long orderId, BigDecimal amount, String note, boolean express) {}

  record Address(String city) {}

  record Sent(Address to) {}

  private final String key = TestRedis.key();
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

  private <T> Message<T> handled(MessageStream<T> stream) {
    List<Message<T>> handled = new CopyOnWriteArrayList<>();
    Worker worker =
        millstream
            .worker(stream, GROUP)
            .handle(message -> Mono.fromRunnable(() -> handled.add(message)))
            .start();
    await().until(() -> !handled.isEmpty());
    worker.stop().block();
    assertThat(handled).hasSize(1);
    return handled.get(0);
  }

  private <T> ObjectRecord<String, T> read(Class<T> type) {
    List<ObjectRecord<String, T>> records =
        Objects.requireNonNull(redis.opsForStream().range(type, key, Range.unbounded()), "records");
    assertThat(records).hasSize(1);
    return records.get(0);
  }

  @Test
  void anObjectRecordIsReadAsAFieldMap() {
    Placed placed = new Placed(7, new BigDecimal("12.50"), "bitte läuten", true);
    redis.opsForStream().add(StreamRecords.newRecord().in(key).ofObject(placed));

    assertThat(handled(MessageStream.fieldMap(key, Placed.class)).payload()).isEqualTo(placed);
  }

  @Test
  void theTypesNameIsThereForWhoReadsTheFields() {
    redis
        .opsForStream()
        .add(
            StreamRecords.newRecord()
                .in(key)
                .ofObject(new Placed(7, BigDecimal.ONE, "none", false)));

    Fields fields = handled(MessageStream.fields(key)).payload();
    assertThat(fields.text("_class")).isEqualTo(Placed.class.getName());
    assertThat(fields.text("express")).isEqualTo("0");
  }

  @Test
  void aPlainValueIsReadAsAString() {
    redis.opsForStream().add(StreamRecords.newRecord().in(key).ofObject("order 7"));

    assertThat(handled(MessageStream.string(key)).payload()).isEqualTo("order 7");
  }

  @Test
  void jsonThatWasWrittenAsAPlainValueIsReadAsJson() {
    redis
        .opsForStream()
        .add(
            StreamRecords.newRecord()
                .in(key)
                .ofObject(
                    "{\"orderId\":7,\"amount\":12.50,\"note\":\"\",\"express\":true,\"new\":1}"));

    assertThat(handled(MessageStream.json(key, Placed.class)).payload())
        .isEqualTo(new Placed(7, new BigDecimal("12.50"), "", true));
  }

  @Test
  void aMapRecordIsReadAsFields() {
    redis.opsForStream().add(MapRecord.create(key, Map.of("orderId", "7")));

    assertThat(handled(MessageStream.fields(key)).payload().text("orderId")).isEqualTo("7");
  }

  // snippet-start: with-class
  /** For Spring Data's readers, which make an object only of entries that name its class. */
  record WithClass<T>(Codec<T> codec, Class<T> type) implements Codec<T> {
    @Override
    public Fields encode(T payload) {
      return codec.encode(payload).plus(Fields.of("_class", type.getName()));
    }

    @Override
    public T decode(Fields fields) {
      return codec.decode(fields);
    }
  }

  // snippet-end

  private MessageStream<Placed> forBoth() {
    MessageStream<Placed> plain = MessageStream.fieldMap(key, Placed.class);
    return MessageStream.of(key, new WithClass<>(plain.codec(), Placed.class));
  }

  @Test
  void aFieldMapWithItsClassIsReadAsAnObjectRecord() {
    Placed placed = new Placed(7, new BigDecimal("12.50"), "bitte läuten", true);
    millstream.publisher(forBoth()).publish(placed, Headers.of(Map.of("tenant", "eu"))).block();

    assertThat(read(Placed.class).getValue()).isEqualTo(placed);
    assertThat(handled(forBoth()).payload()).isEqualTo(placed);
  }

  @Test
  void whatSpringDataWroteNestedIsNotInAFieldMap() {
    redis
        .opsForStream()
        .add(StreamRecords.newRecord().in(key).ofObject(new Sent(new Address("Ulm"))));

    assertThat(handled(MessageStream.fields(key)).payload().text("to.city")).isEqualTo("Ulm");
  }

  @Test
  void aStringIsReadAsAPlainValue() {
    millstream.publisher(MessageStream.string(key)).publish("order 7").block();

    assertThat(read(String.class).getValue()).isEqualTo("order 7");
  }

  @Test
  void jsonIsReadAsAPlainValue() {
    millstream
        .publisher(MessageStream.json(key, Placed.class))
        .publish(new Placed(7, new BigDecimal("12.50"), "", false))
        .block();

    assertThat(read(String.class).getValue())
        .isEqualTo("{\"orderId\":7,\"amount\":12.50,\"note\":\"\",\"express\":false}");
  }

  @Test
  void headersAreFieldsThatBeginWithAnAt() {
    millstream
        .publisher(MessageStream.string(key))
        .publish("order 7", Headers.of(Map.of("tenant", "eu")))
        .block();

    List<MapRecord<String, Object, Object>> records =
        redis.opsForStream().range(key, Range.unbounded());
    assertThat(Objects.requireNonNull(records).get(0).getValue())
        .isEqualTo(Map.of("payload", "order 7", "@tenant", "eu"));
  }
}
