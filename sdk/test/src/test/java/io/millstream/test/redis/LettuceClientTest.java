package io.millstream.test.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Lettuce works with the Redis in memory as with a real one. */
@ParameterizedClass
@EnumSource(names = {"RESP2", "RESP3"})
@SuppressWarnings("unchecked") // the client's own varargs of a generic type
class LettuceClientTest {
  private final InMemoryRedis redis = InMemoryRedis.start();
  private final RedisClient client = RedisClient.create(redis.uri());
  private final StatefulRedisConnection<String, String> connection;
  private final RedisCommands<String, String> commands;

  LettuceClientTest(ProtocolVersion protocol) {
    client.setOptions(ClientOptions.builder().protocolVersion(protocol).build());
    connection = client.connect();
    commands = connection.sync();
  }

  @AfterEach
  void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    redis.close();
  }

  @Test
  void readsAndAcknowledgesAsAGroup() {
    String id = commands.xadd("s", Map.of("order", "7"));
    assertThat(commands.xgroupCreate(StreamOffset.from("s", "0"), "g")).isEqualTo("OK");

    List<StreamMessage<String, String>> read =
        commands.xreadgroup(Consumer.from("g", "c"), StreamOffset.lastConsumed("s"));

    assertThat(read).hasSize(1);
    assertThat(read.get(0).getId()).isEqualTo(id);
    assertThat(read.get(0).getBody()).isEqualTo(Map.of("order", "7"));
    assertThat(commands.xpending("s", "g").getCount()).isEqualTo(1);
    assertThat(commands.xack("s", "g", id)).isEqualTo(1);
    assertThat(commands.xpending("s", "g").getCount()).isZero();
  }

  @Test
  void claimsWhatAnotherConsumerLeft() {
    commands.xgroupCreate(StreamOffset.from("s", "0"), "g", XGroupCreateArgs.Builder.mkstream());
    String id = commands.xadd("s", Map.of("f", "v"));
    commands.xreadgroup(Consumer.from("g", "gone"), StreamOffset.lastConsumed("s"));

    var claimed =
        commands.xautoclaim(
            "s", XAutoClaimArgs.Builder.xautoclaim(Consumer.from("g", "here"), 0, "0"));

    assertThat(claimed.getMessages()).extracting(StreamMessage::getId).containsExactly(id);
    assertThat(commands.xpending("s", "g", Range.unbounded(), Limit.from(10)))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.getConsumer()).isEqualTo("here");
              assertThat(row.getRedeliveryCount()).isEqualTo(2);
            });
  }

  @Test
  void aBlockedReadGetsAnEntryWhenItComes() throws Exception {
    try (StatefulRedisConnection<String, String> reading = client.connect()) {
      var read =
          reading
              .async()
              .xread(XReadArgs.Builder.block(Duration.ofSeconds(20)), StreamOffset.latest("s"));
      Awaitility.await().until(() -> redis.server().blockedReads() == 1);
      String id = commands.xadd("s", Map.of("f", "v"));

      assertThat(read.get(10, TimeUnit.SECONDS))
          .singleElement()
          .extracting(StreamMessage::getId)
          .isEqualTo(id);
    }
  }

  @Test
  void errorsHaveRedissOwnTypes() {
    commands.xadd("s", Map.of("f", "v"));
    commands.xgroupCreate(StreamOffset.from("s", "0"), "g");
    assertThatThrownBy(() -> commands.xgroupCreate(StreamOffset.from("s", "0"), "g"))
        .isInstanceOf(RedisCommandExecutionException.class)
        .hasMessage("BUSYGROUP Consumer Group name already exists");
    assertThatThrownBy(() -> commands.xpending("s", "other"))
        .isInstanceOf(RedisCommandExecutionException.class)
        .hasMessage("NOGROUP No such key 's' or consumer group 'other'");
  }

  @Test
  void aTransactionAnswersForAllItsCommands() {
    commands.multi();
    commands.xadd("s", Map.of("f", "1"));
    commands.xadd("s", Map.of("f", "2"));
    commands.xlen("s");
    TransactionResult result = commands.exec();

    assertThat(result.size()).isEqualTo(3);
    assertThat(result.<Long>get(2)).isEqualTo(2);
  }

  @Test
  void publishedMessagesReachSubscribers() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (var listening = client.connectPubSub()) {
      listening.addListener(
          new RedisPubSubAdapter<String, String>() {
            @Override
            public void message(String channel, String message) {
              heard.add(channel + ": " + message);
            }
          });
      listening.sync().subscribe("news");
      assertThat(commands.publish("news", "hello")).isEqualTo(1);

      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("news: hello");
    }
  }

  @Test
  void looksAboutAsOnAnyServer() {
    commands.clientSetname("me");
    assertThat(commands.clientGetname()).isEqualTo("me");
    assertThat(commands.info("server")).contains("redis_version:8.0");
    commands.set("k", "v");
    assertThat(commands.get("k")).isEqualTo("v");
    assertThat(commands.type("k")).isEqualTo("string");
    assertThat(commands.keys("*")).containsExactly("k");
    assertThat(commands.scan().getKeys()).containsExactly("k");
    assertThat(commands.commandCount()).isPositive();
    assertThat(commands.flushall()).isEqualTo("OK");
    assertThat(commands.dbsize()).isZero();
  }
}
