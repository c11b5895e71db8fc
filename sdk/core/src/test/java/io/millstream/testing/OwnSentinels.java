package io.millstream.testing;

import static java.util.Objects.requireNonNull;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A master with replicas and three Sentinels, of the test's own, on the loopback interface. A
 * master that is silent for a second is failed over.
 */
public final class OwnSentinels implements AutoCloseable {
  /** What the Sentinels call the master. */
  public static final String NAME = "mymaster";

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final List<OwnRedis> servers = new ArrayList<>();
  private final List<OwnRedis> sentinels = new ArrayList<>();

  /** Starts all of them, and waits until they know each other. */
  public static OwnSentinels start(int replicas) {
    OwnSentinels all = new OwnSentinels();
    try {
      all.form(replicas);
      return all;
    } catch (RuntimeException | Error e) {
      all.close();
      throw e;
    }
  }

  private OwnSentinels() {}

  private void form(int replicas) {
    OwnRedis master = TestRedis.startOwn("--repl-diskless-sync-delay", "0");
    servers.add(master);
    for (int i = 0; i < replicas; i++) {
      servers.add(
          TestRedis.startOwn(
              "--repl-diskless-sync-delay", "0", "--replicaof", "127.0.0.1 " + master.port()));
    }
    awaitFollowers();
    String configuration =
        String.join(
            "\n",
            "sentinel monitor " + NAME + " 127.0.0.1 " + master.port() + " 2",
            "sentinel down-after-milliseconds " + NAME + " 1000",
            "sentinel failover-timeout " + NAME + " 5000",
            "sentinel parallel-syncs " + NAME + " 1",
            "");
    for (int i = 0; i < 3; i++) {
      sentinels.add(OwnRedis.startSentinel(TestRedis.ownBinary(), configuration));
    }
    awaitWhole();
  }

  /** One is the master, and all others follow it: one that comes back is a master for a while. */
  private void awaitFollowers() {
    await(
        () -> {
          List<String> all =
              servers.stream().map(server -> text(server, "INFO", "replication")).toList();
          return all.stream().filter(info -> info.contains("role:master")).count() == 1
              && all.stream().filter(info -> info.contains("master_link_status:up")).count()
                  == servers.size() - 1;
        });
  }

  /** Every Sentinel knows the others and the replicas, and every replica follows. */
  public void awaitWhole() {
    awaitFollowers();
    await(
        () ->
            sentinels.stream()
                .map(sentinel -> text(sentinel, "INFO", "sentinel"))
                .allMatch(
                    info ->
                        info.contains("status=ok")
                            && info.contains("slaves=" + (servers.size() - 1))
                            && info.contains("sentinels=" + sentinels.size())));
  }

  /** {@code redis-sentinel://127.0.0.1:port,...#mymaster}. */
  public String uri() {
    return "redis-sentinel://"
        + sentinels.stream()
            .map(sentinel -> "127.0.0.1:" + sentinel.port())
            .collect(Collectors.joining(","))
        + "#"
        + NAME;
  }

  /** The Sentinels, in the order of the URI. */
  public List<OwnRedis> sentinels() {
    return List.copyOf(sentinels);
  }

  /** Master and replicas. */
  public List<OwnRedis> servers() {
    return List.copyOf(servers);
  }

  /** The master, as the Sentinels that are there say. */
  public OwnRedis master() {
    for (OwnRedis sentinel : sentinels) {
      if (!sentinel.isRunning()) {
        continue;
      }
      List<?> address =
          requireNonNull((List<?>) call(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME));
      return at(Integer.parseInt(String.valueOf(address.get(1))));
    }
    throw new IllegalStateException("no Sentinel runs");
  }

  private OwnRedis at(int port) {
    return servers.stream().filter(server -> server.port() == port).findFirst().orElseThrow();
  }

  /** Whatever was killed or frozen is there again, and all is well. */
  public void restoreAll() {
    for (OwnRedis each : Stream.concat(servers.stream(), sentinels.stream()).toList()) {
      if (each.isRunning()) {
        each.resume();
      } else {
        each.restart();
      }
    }
    awaitWhole();
  }

  /** A planned failover; returns at once. */
  public void failover() {
    call(sentinels.get(0), "SENTINEL", "FAILOVER", NAME);
  }

  /** Waits until another server takes writes as the master; which one. */
  public OwnRedis awaitMasterOtherThan(OwnRedis old) {
    List<OwnRedis> found = new ArrayList<>();
    await(
        () -> {
          servers.stream()
              .filter(server -> server != old && server.isRunning())
              .filter(server -> text(server, "INFO", "replication").contains("role:master"))
              .forEach(found::add);
          return !found.isEmpty();
        });
    return found.get(0);
  }

  private static String text(OwnRedis server, String... words) {
    try {
      return String.valueOf(call(server, words));
    } catch (UncheckedIOException e) {
      return "";
    }
  }

  private static @Nullable Object call(OwnRedis server, String... words) {
    try (RespConnection connection = server.connect()) {
      return connection.call(words);
    }
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(condition);
  }

  @Override
  public void close() {
    sentinels.forEach(OwnRedis::close);
    servers.forEach(OwnRedis::close);
  }
}
