package io.millstream.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.millstream.engine.lettuce.LettuceEngine;
import io.millstream.testing.Capability;
import io.millstream.testing.OwnCluster;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import reactor.core.scheduler.Schedulers;

/**
 * A cluster of three masters, which lasts as long as the JVM. The keys of one test share a slot, as
 * what is read together or touched by one script must; those of different tests do not.
 */
final class LettuceClusterFixture implements EngineFixture {
  private static final Pattern BLOCKED =
      Pattern.compile("^id=(\\d+) .* flags=\\S*b.* cmd=xreadgroup\\b", Pattern.MULTILINE);

  private static final class Shared {
    static final OwnCluster CLUSTER = OwnCluster.start(3, 0);
    static final RedisClusterClient CLIENT =
        RedisClusterClient.create(
            RedisURI.create(CLUSTER.uri().replaceFirst("-cluster", "").replaceFirst(",.*", "")));
    static final Engine ENGINE = connect();
    static final Engine OTHER = connect();

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(CLIENT::shutdown, "shutdown-cluster-client"));
    }
  }

  private static Engine connect() {
    return LettuceEngine.using(Shared.CLIENT, Schedulers.parallel());
  }

  private final String tag = "{" + TestRedis.key() + "}:";
  private final Map<OwnRedis, RespConnection> admins = new HashMap<>();
  private final Map<OwnRedis, Long> newest = new HashMap<>();
  private int keys;

  LettuceClusterFixture() {
    // the engines' own connections to this test's node are older than those of the test
    for (Engine engine : List.of(Shared.ENGINE, Shared.OTHER)) {
      engine.streams().length(tag).block();
    }
    for (OwnRedis node : Shared.CLUSTER.nodes()) {
      RespConnection admin = node.connect();
      admins.put(node, admin);
      newest.put(node, Long.valueOf(admin.text("CLIENT", "ID")));
    }
  }

  @Override
  public Engine engine() {
    return Shared.ENGINE;
  }

  @Override
  public Engine other() {
    return Shared.OTHER;
  }

  @Override
  public Engine open() {
    return connect();
  }

  @Override
  public String key() {
    return tag + ++keys;
  }

  @Override
  public boolean has(Capability capability) {
    return TestRedis.ownHas(capability);
  }

  @Override
  public void awaitBlockedReaders(int count) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .untilAsserted(() -> assertThat(blockedReaders()).isEqualTo(count));
  }

  private long blockedReaders() {
    return admins.entrySet().stream()
        .mapToLong(
            entry ->
                BLOCKED
                    .matcher(entry.getValue().text("CLIENT", "LIST"))
                    .results()
                    .filter(match -> Long.parseLong(match.group(1)) > newest.get(entry.getKey()))
                    .count())
        .sum();
  }

  private RespConnection admin() {
    return requireNonNull(admins.get(Shared.CLUSTER.masterOf(tag)));
  }

  @Override
  public void deleteKey(String key) {
    assertThat(admin().call("DEL", key)).isEqualTo(1L);
  }

  @Override
  public void putString(String key) {
    admin().call("SET", key, "text");
  }

  @Override
  public void close() {
    admins.values().forEach(RespConnection::close);
  }
}
