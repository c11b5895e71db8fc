package io.millstream.test.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XAutoClaimParams;
import redis.clients.jedis.params.XPendingParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.params.XTrimParams;
import redis.clients.jedis.resps.StreamEntry;

/** Jedis works with the Redis in memory as with a real one. */
@ParameterizedClass
@EnumSource(names = {"RESP2", "RESP3"})
class JedisClientTest {
  private final InMemoryRedis redis = InMemoryRedis.start();
  private final Jedis jedis;

  JedisClientTest(RedisProtocol protocol) {
    jedis =
        new Jedis(
            HostAndPort.from(URI.create(redis.uri()).getAuthority()),
            DefaultJedisClientConfig.builder().protocol(protocol).clientName("jedis").build());
  }

  @AfterEach
  void close() {
    jedis.close();
    redis.close();
  }

  @Test
  void readsAndAcknowledgesAsAGroup() {
    jedis.xgroupCreate("s", "g", new StreamEntryID(), true);
    StreamEntryID id = jedis.xadd("s", XAddParams.xAddParams(), Map.of("order", "7"));

    List<Map.Entry<String, List<StreamEntry>>> read =
        jedis.xreadGroup(
            "g",
            "c",
            XReadGroupParams.xReadGroupParams().count(10),
            Map.of("s", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));

    assertThat(read).hasSize(1);
    assertThat(read.get(0).getKey()).isEqualTo("s");
    assertThat(read.get(0).getValue())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.getID()).isEqualTo(id);
              assertThat(entry.getFields()).isEqualTo(Map.of("order", "7"));
            });
    assertThat(jedis.xpending("s", "g").getTotal()).isEqualTo(1);
    assertThat(jedis.xack("s", "g", id)).isEqualTo(1);
    assertThat(jedis.xpending("s", "g").getTotal()).isZero();
  }

  @Test
  void claimsWhatAnotherConsumerLeft() {
    jedis.xgroupCreate("s", "g", new StreamEntryID(), true);
    StreamEntryID id = jedis.xadd("s", XAddParams.xAddParams(), Map.of("f", "v"));
    jedis.xreadGroup(
        "g",
        "gone",
        XReadGroupParams.xReadGroupParams(),
        Map.of("s", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));

    Map.Entry<StreamEntryID, List<StreamEntry>> claimed =
        jedis.xautoclaim(
            "s", "g", "here", 0, new StreamEntryID(), XAutoClaimParams.xAutoClaimParams());

    assertThat(claimed.getKey()).isEqualTo(new StreamEntryID());
    assertThat(claimed.getValue()).extracting(StreamEntry::getID).containsExactly(id);
    assertThat(jedis.xpending("s", "g", XPendingParams.xPendingParams("-", "+", 10)))
        .singleElement()
        .satisfies(row -> assertThat(row.getDeliveredTimes()).isEqualTo(2));
  }

  @Test
  void inspectsStreamsGroupsAndConsumers() {
    jedis.xgroupCreate("s", "g", new StreamEntryID(), true);
    jedis.xadd("s", XAddParams.xAddParams().id(1, 1), Map.of("f", "v"));
    jedis.xadd("s", XAddParams.xAddParams().id(1, 2), Map.of("f", "w"));
    jedis.xgroupCreateConsumer("s", "g", "c");

    assertThat(jedis.xinfoStream("s").getLength()).isEqualTo(2);
    assertThat(jedis.xinfoStreamFull("s").getGroups()).hasSize(1);
    assertThat(jedis.xinfoGroups("s").get(0).getConsumers()).isEqualTo(1);
    assertThat(jedis.xinfoConsumers2("s", "g").get(0).getName()).isEqualTo("c");
    assertThat(jedis.xrange("s", "-", "+")).hasSize(2);
    assertThat(jedis.xtrim("s", XTrimParams.xTrimParams().maxLen(1))).isEqualTo(1);
    assertThat(jedis.xlen("s")).isEqualTo(1);
  }

  @Test
  void errorsAreRedissOwn() {
    assertThatThrownBy(() -> jedis.xgroupCreate("s", "g", new StreamEntryID(), false))
        .isInstanceOf(JedisDataException.class)
        .hasMessageStartingWith("ERR The XGROUP subcommand requires the key to exist.");
  }

  @Test
  void aTransactionAnswersForAllItsCommands() {
    try (Transaction transaction = jedis.multi()) {
      Response<StreamEntryID> added =
          transaction.xadd("s", XAddParams.xAddParams().id(5, 0), Map.of("f", "v"));
      Response<Long> length = transaction.xlen("s");
      transaction.exec();

      assertThat(added.get()).isEqualTo(new StreamEntryID(5, 0));
      assertThat(length.get()).isEqualTo(1);
    }
  }

  @Test
  void looksAboutAsOnAnyServer() {
    assertThat(jedis.clientGetname()).isEqualTo("jedis");
    assertThat(jedis.ping()).isEqualTo("PONG");
    assertThat(jedis.info()).contains("redis_version:8.0");
    jedis.select(3);
    jedis.set("k", "v");
    assertThat(jedis.get("k")).isEqualTo("v");
    jedis.select(0);
    assertThat(jedis.exists("k")).isFalse();
    assertThat(jedis.flushAll()).isEqualTo("OK");
  }
}
