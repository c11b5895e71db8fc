package io.millstream.engine.lettuce;

import static io.millstream.engine.lettuce.Engines.PATIENCE;
import static io.millstream.engine.lettuce.Engines.connected;
import static io.millstream.engine.lettuce.Engines.failure;
import static io.millstream.engine.lettuce.Engines.get;
import static io.millstream.engine.lettuce.Engines.settings;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DnsResolvers;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.testing.OwnCluster;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.Proxy;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What only a cluster can get wrong. */
@Tag("redis")
class LettuceClusterTest {
  private static final Duration IMPATIENT = Duration.ofMillis(400);
  private static final Fields FIELDS = Fields.of("f", "v");

  private static OwnCluster cluster;

  @BeforeAll
  static void start() {
    cluster = OwnCluster.start(3, 0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static List<RedisURI> seeds(String login) {
    return cluster.nodes().stream()
        .map(node -> RedisURI.create(node.uri().replace("//", "//" + login)))
        .toList();
  }

  private static LettuceEngine engine(String login) {
    return LettuceEngine.connectCluster(seeds(login), Schedulers.parallel(), settings(IMPATIENT));
  }

  /** One key for each master. */
  private static Map<OwnRedis, String> keys() {
    Map<OwnRedis, String> keys = new HashMap<>();
    while (keys.size() < 3) {
      String key = TestRedis.key();
      keys.put(cluster.masterOf(key), key);
    }
    return keys;
  }

  @Test
  void eachNodeIsConnectedToWhenItIsNeededAndLoggedInToAsTheUriSays() {
    for (OwnRedis node : cluster.nodes()) {
      try (RespConnection admin = node.connect()) {
        admin.call("ACL", "SETUSER", "app", "on", ">pass:word", "~*", "&*", "+@all");
      }
    }
    Map<OwnRedis, String> keys = keys();
    LettuceEngine engine = engine("app:pass%3Aword@");
    try {
      OwnRedis first = keys.keySet().iterator().next();
      get(engine.streams().length(keys.get(first)));
      for (OwnRedis node : cluster.nodes()) {
        assertThat(connectionsOf("app", node)).isEqualTo(node == first ? 1 : 0);
      }

      keys.values().forEach(key -> get(engine.streams().add(key, FIELDS)));
      for (OwnRedis node : cluster.nodes()) {
        assertThat(connectionsOf("app", node)).isEqualTo(1);
      }
    } finally {
      engine.close().block();
    }
    await().until(() -> cluster.nodes().stream().allMatch(n -> connectionsOf("app", n) == 0));
  }

  private static long connectionsOf(String user, OwnRedis node) {
    try (RespConnection admin = node.connect()) {
      return Pattern.compile(" user=" + user + " ")
          .matcher(admin.text("CLIENT", "LIST"))
          .results()
          .count();
    }
  }

  @Test
  void afterATimeoutTheOldConnectionIsDeadOnItsNodeBeforeTheNextTakesCommands() {
    String key = TestRedis.key();
    try (Proxied proxied = new Proxied()) {
      LettuceEngine engine = proxied.engine();
      try {
        get(engine.streams().length(key));
        Proxy proxy = proxied.of(cluster.masterOf(key));
        List<ConnectionEvent> events = new CopyOnWriteArrayList<>();
        engine.events(key).subscribe(events::add);
        proxy.hold();
        CompletableFuture<EntryId> add = engine.streams().add(key, FIELDS).toFuture();

        assertThat(failure(Mono.fromFuture(add)).code()).isEqualTo(RedisException.TIMEOUT);
        await()
            .untilAsserted(
                () ->
                    assertThat(events)
                        .containsExactly(ConnectionEvent.DISCONNECTED, ConnectionEvent.CONNECTED));
        proxy.release();

        assertThat(get(engine.streams().length(key))).isZero();
      } finally {
        engine.close().block();
      }
    }
  }

  @Test
  void aClosedReaderIsForgottenByTheNodeThatItReadAt() {
    Map<OwnRedis, String> keys = keys();
    LettuceEngine engine = engine("");
    try {
      keys.forEach(
          (node, key) -> {
            engine.groups().create(key, "g", CreateArgs.from("0")).block();
            Reader reader = get(engine.openReader(key));
            var read =
                reader
                    .read(ReadArgs.fresh(key, "g", "c", 1, Duration.ofSeconds(20)))
                    .then()
                    .toFuture();
            await().until(() -> blocked(node) == 1);

            assertThat(get(reader.close())).isTrue();

            assertThat(read).isCompletedExceptionally();
            assertThat(blocked(node)).isZero();
          });
    } finally {
      engine.close().block();
    }
  }

  private static long blocked(OwnRedis node) {
    try (RespConnection admin = node.connect()) {
      return Pattern.compile(" flags=\\S*b")
          .matcher(admin.text("CLIENT", "LIST"))
          .results()
          .count();
    }
  }

  @Test
  void aReaderFollowsItsStreamToAnotherNodeAndStaysThere() {
    String key = TestRedis.key();
    LettuceEngine engine = engine("");
    try {
      engine.groups().create(key, "g", CreateArgs.from("0")).block();
      Reader reader = get(engine.openReader(key));
      OwnRedis from = cluster.masterOf(key);
      OwnRedis to = cluster.otherMaster(from);
      ReadArgs args = ReadArgs.fresh(key, "g", "c", 1, Duration.ofSeconds(20));

      cluster.beginMove(key, to);
      cluster.moveKey(key, from, to);
      EntryId first = get(engine.streams().add(key, FIELDS)); // ASK
      assertThat(get(reader.read(args)).get(0).entries().get(0).id()).isEqualTo(first);
      var blocked = reader.read(args).toFuture();
      await().until(() -> blocked(to) == 1);
      cluster.endMove(key, from, to);

      EntryId second = get(engine.streams().add(key, FIELDS)); // MOVED
      assertThat(blocked).succeedsWithin(PATIENCE);
      assertThat(blocked.join().get(0).entries().get(0).id()).isEqualTo(second);
      var again = reader.read(args).toFuture();
      await().until(() -> blocked(to) == 1);
      assertThat(get(reader.unblock())).isTrue();
      assertThat(again).succeedsWithin(PATIENCE);
      get(reader.close());
    } finally {
      engine.close().block();
    }
  }

  @Test
  void theLossOfOneNodeIsNoEventOfAnothersStreams() {
    Map<OwnRedis, String> keys = keys();
    LettuceEngine engine = engine("");
    try {
      keys.values().forEach(key -> get(engine.streams().length(key)));
      List<OwnRedis> nodes = List.copyOf(keys.keySet());
      Map<OwnRedis, List<ConnectionEvent>> heard = new HashMap<>();
      for (OwnRedis node : nodes) {
        List<ConnectionEvent> events = new CopyOnWriteArrayList<>();
        heard.put(node, events);
        engine.events(keys.get(node)).subscribe(events::add);
      }
      List<ConnectionEvent> all = new CopyOnWriteArrayList<>();
      engine.events().subscribe(all::add);

      try (RespConnection admin = nodes.get(0).connect()) {
        admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      }

      for (List<ConnectionEvent> events : List.of(heard.get(nodes.get(0)), all)) {
        await()
            .untilAsserted(
                () ->
                    assertThat(events)
                        .containsExactly(ConnectionEvent.DISCONNECTED, ConnectionEvent.CONNECTED));
      }
      assertThat(heard.get(nodes.get(1))).isEmpty();
      assertThat(heard.get(nodes.get(2))).isEmpty();
    } finally {
      engine.close().block();
    }
  }

  @Test
  void streamsOfDifferentSlotsAreNotReadTogether() {
    Map<OwnRedis, String> keys = keys();
    LettuceEngine engine = engine("");
    try {
      Reader reader = get(engine.openReader());
      ReadArgs args =
          new ReadArgs(
              "g",
              "c",
              1L,
              null,
              false,
              keys.values().stream().map(ReadArgs.StreamOffset::fresh).toList());
      assertThat(failure(reader.read(args)).code()).isEqualTo("CROSSSLOT");
      get(reader.close());
    } finally {
      engine.close().block();
    }
  }

  @Test
  void theUsersClientIsLeftAsItIs() {
    RedisClusterClient client = RedisClusterClient.create(seeds("").get(0));
    try {
      var options = client.getOptions();
      LettuceEngine engine = connected(LettuceEngine.using(client, Schedulers.parallel()));
      assertThat(client.getOptions()).isSameAs(options);
      engine.close().block();
      try (var connection = client.connect()) {
        assertThat(connection.sync().ping()).isEqualTo("PONG");
      }
    } finally {
      client.shutdown();
    }
  }

  @Test
  void aServerThatIsInNoClusterIsSaidToBeNone() {
    try (OwnRedis alone = TestRedis.startOwn()) {
      LettuceEngine engine =
          LettuceEngine.connectCluster(
              List.of(RedisURI.create(alone.uri())), Schedulers.parallel(), settings(IMPATIENT));
      try {
        assertThat(failure(engine.streams().length("s")))
            .hasMessageContaining("cluster support disabled");
        assertThat(failure(engine.openReader())).hasMessageContaining("cluster support disabled");
      } finally {
        engine.close().block();
      }
    }
  }

  /** A user's client that reaches each node through a proxy. */
  private static final class Proxied implements AutoCloseable {
    private final Map<OwnRedis, Proxy> proxies = new HashMap<>();
    private final ClientResources resources;
    private final RedisClusterClient client;

    Proxied() {
      Map<Integer, Integer> ports = new HashMap<>();
      for (OwnRedis node : cluster.nodes()) {
        Proxy proxy = new Proxy(node.port());
        proxies.put(node, proxy);
        ports.put(node.port(), RedisURI.create(proxy.uri()).getPort());
      }
      resources =
          ClientResources.builder()
              .socketAddressResolver(
                  MappingSocketAddressResolver.create(
                      DnsResolvers.UNRESOLVED,
                      at ->
                          HostAndPort.of(
                              at.getHostText(), ports.getOrDefault(at.getPort(), at.getPort()))))
              .build();
      client = RedisClusterClient.create(resources, seeds("").get(0));
      client.setOptions(ClusterClientOptions.create());
    }

    LettuceEngine engine() {
      return connected(
          LettuceEngine.using(client, Schedulers.parallel(), settings(IMPATIENT)));
    }

    Proxy of(OwnRedis node) {
      return requireNonNull(proxies.get(node));
    }

    @Override
    public void close() {
      client.shutdown();
      var unused = resources.shutdown();
      proxies.values().forEach(Proxy::close);
    }
  }
}
