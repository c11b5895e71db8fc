package io.millstream.testing;

import io.lettuce.core.cluster.SlotHash;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of the test's own on the loopback interface, whose nodes may be killed, frozen and
 * restarted, and whose slots may be moved. A master that is silent for a second is failed over.
 */
public final class OwnCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String NODE_TIMEOUT = "1000";

  private final List<OwnRedis> nodes = new ArrayList<>();

  private OwnCluster(int masters, int replicas) {
    for (int i = 0; i < masters * (1 + replicas); i++) {
      nodes.add(
          TestRedis.startOwn(
              "--cluster-enabled",
              "yes",
              "--cluster-node-timeout",
              NODE_TIMEOUT,
              "--cluster-replica-validity-factor",
              "0",
              "--repl-diskless-sync-delay",
              "0",
              "--repl-timeout",
              "10"));
    }
  }

  /** Starts one and waits until it is whole. */
  public static OwnCluster start(int masters, int replicasOfEach) {
    OwnCluster cluster = new OwnCluster(masters, replicasOfEach);
    try {
      cluster.form(masters);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void form(int masters) {
    OwnRedis first = nodes.get(0);
    for (int i = 0; i < nodes.size(); i++) {
      call(nodes.get(i), "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      if (i > 0) {
        call(nodes.get(i), "CLUSTER", "MEET", "127.0.0.1", Integer.toString(first.port()));
      }
    }
    for (int i = 0; i < masters; i++) {
      int from = SlotHash.SLOT_COUNT * i / masters;
      int to = SlotHash.SLOT_COUNT * (i + 1) / masters;
      List<String> words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
      IntStream.range(from, to).mapToObj(Integer::toString).forEach(words::add);
      call(nodes.get(i), words.toArray(String[]::new));
    }
    await(() -> nodes.stream().allMatch(node -> lines(node).size() == nodes.size()));
    for (int i = masters; i < nodes.size(); i++) {
      call(nodes.get(i), "CLUSTER", "REPLICATE", id(nodes.get(i % masters)));
    }
    awaitWhole();
  }

  /** Every node says that the cluster is well, and every replica follows its master. */
  public void awaitWhole() {
    await(
        () ->
            nodes.stream()
                .allMatch(
                    node ->
                        text(node, "CLUSTER", "INFO").contains("cluster_state:ok")
                            && lines(node).stream().noneMatch(OwnCluster::failing)
                            && followsIfReplica(node)));
  }

  private boolean followsIfReplica(OwnRedis node) {
    String info = text(node, "INFO", "replication");
    return info.contains("role:master") || info.contains("master_link_status:up");
  }

  private static boolean failing(String line) {
    return line.split(" ", -1)[2].contains("fail") || line.contains("handshake");
  }

  /** {@code redis-cluster://127.0.0.1:port,...} with every node. */
  public String uri() {
    return "redis-cluster://"
        + nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
  }

  /** All nodes, the first masters first. */
  public List<OwnRedis> nodes() {
    return List.copyOf(nodes);
  }

  /** The node that has the key's slot, as a node that is there knows. */
  public OwnRedis masterOf(String key) {
    int slot = SlotHash.getSlot(key);
    List<OwnRedis> found = new ArrayList<>();
    await(
        () -> {
          found.clear();
          masterOf(slot, found);
          return !found.isEmpty();
        });
    return found.get(0);
  }

  private void masterOf(int slot, List<OwnRedis> found) {
    for (OwnRedis node : nodes) {
      if (!answers(node)) {
        continue;
      }
      for (Object range : list(node, "CLUSTER", "SLOTS")) {
        List<?> parts = (List<?>) range;
        if ((Long) parts.get(0) <= slot && slot <= (Long) parts.get(1)) {
          found.add(at((Long) ((List<?>) parts.get(2)).get(1)));
          return;
        }
      }
    }
  }

  private OwnRedis at(long port) {
    return nodes.stream().filter(node -> node.port() == port).findFirst().orElseThrow();
  }

  /** A replica of a master. */
  public OwnRedis replicaOf(OwnRedis master) {
    String id = id(master);
    return nodes.stream()
        .filter(node -> node != master && answers(node))
        .filter(node -> own(node).split(" ", -1)[3].equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** A master that has slots, other than this one. */
  public OwnRedis otherMaster(OwnRedis master) {
    return nodes.stream()
        .filter(node -> node != master && answers(node))
        .filter(node -> own(node).contains("master") && own(node).split(" ", -1).length > 8)
        .findFirst()
        .orElseThrow();
  }

  /** Makes a replica take its master's place, with the master's help; waits until it has. */
  public void failover(OwnRedis replica) {
    call(replica, "CLUSTER", "FAILOVER");
    await(() -> own(replica).contains("master"));
  }

  /** A key's slot begins to move; its keys stay where they are for now. */
  public void beginMove(String key, OwnRedis to) {
    OwnRedis from = masterOf(key);
    String slot = slot(key);
    call(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
    call(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
  }

  /** A key of a slot that is on its way moves. */
  public void moveKey(String key, OwnRedis from, OwnRedis to) {
    call(from, "MIGRATE", "127.0.0.1", Integer.toString(to.port()), key, "0", "10000");
  }

  /** A slot has moved: everybody is told. */
  public void endMove(String key, OwnRedis from, OwnRedis to) {
    for (OwnRedis node : List.of(to, from)) {
      call(node, "CLUSTER", "SETSLOT", slot(key), "NODE", id(to));
    }
  }

  private static String slot(String key) {
    return Integer.toString(SlotHash.getSlot(key));
  }

  private static String id(OwnRedis node) {
    return text(node, "CLUSTER", "MYID");
  }

  private static String own(OwnRedis node) {
    return lines(node).stream().filter(line -> line.contains("myself")).findFirst().orElseThrow();
  }

  private static List<String> lines(OwnRedis node) {
    return text(node, "CLUSTER", "NODES").lines().toList();
  }

  private static boolean answers(OwnRedis node) {
    if (!node.isRunning()) {
      return false;
    }
    try {
      return text(node, "PING").equals("PONG");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static String text(OwnRedis node, String... words) {
    return String.valueOf(call(node, words));
  }

  private static List<?> list(OwnRedis node, String... words) {
    return call(node, words) instanceof List<?> list ? list : List.of();
  }

  private static @Nullable Object call(OwnRedis node, String... words) {
    try (RespConnection connection = node.connect()) {
      return connection.call(words);
    }
  }

  private void await(Callable<Boolean> condition) {
    Awaitility.await(toString())
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(condition);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "cluster of %d nodes", nodes.size());
  }

  @Override
  public void close() {
    nodes.forEach(OwnRedis::close);
  }
}
