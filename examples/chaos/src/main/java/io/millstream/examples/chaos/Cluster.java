package io.millstream.examples.chaos;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.millstream.examples.chaos.Fault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three masters with a replica each, which are failed over after a second of silence. */
final class Cluster implements Topology {
  static final String NAME = "cluster";

  private static final int MASTERS = 3;
  private static final String KEY = Rules.JOBS.name();
  private static final int SLOT = SlotHash.getSlot(KEY);

  private final Machines machines;
  private final List<Server> nodes = new ArrayList<>();
  private Server killed;

  private Cluster(Machines machines) throws IOException {
    this.machines = machines;
    for (int i = 0; i < 2 * MASTERS; i++) {
      nodes.add(
          machines.start(
              "--cluster-enabled",
              "yes",
              "--cluster-node-timeout",
              "1000",
              "--cluster-replica-validity-factor",
              "0"));
    }
    this.killed = nodes.get(0);
    form();
  }

  static Cluster start(Path binary, Path folder) throws IOException {
    Machines machines = new Machines(binary, folder);
    try {
      return new Cluster(machines);
    } catch (IOException | RuntimeException e) {
      machines.close();
      throw e;
    }
  }

  private void form() {
    for (int i = 0; i < nodes.size(); i++) {
      int number = i;
      machines.ask(
          nodes.get(i),
          redis -> {
            redis.clusterSetConfigEpoch(number + 1L);
            if (number > 0) {
              redis.clusterMeet("127.0.0.1", nodes.get(0).port());
            }
            if (number < MASTERS) {
              int from = SlotHash.SLOT_COUNT * number / MASTERS;
              int to = SlotHash.SLOT_COUNT * (number + 1) / MASTERS;
              redis.clusterAddSlots(IntStream.range(from, to).toArray());
            }
            return true;
          });
    }
    Machines.await(
        "nodes that know each other",
        () -> nodes.stream().allMatch(node -> lines(node).size() == nodes.size()));
    for (int i = MASTERS; i < nodes.size(); i++) {
      String master = id(nodes.get(i - MASTERS));
      machines.ask(nodes.get(i), redis -> redis.clusterReplicate(master));
    }
    Machines.await("a whole cluster", this::isWhole);
  }

  private List<String> lines(Server node) {
    return machines.ask(node, redis -> redis.clusterNodes().lines().toList());
  }

  private String id(Server node) {
    return machines.ask(node, redis -> redis.clusterMyId());
  }

  private boolean isWhole() {
    return nodes.stream()
        .allMatch(
            node ->
                machines.is(
                    node,
                    redis ->
                        redis.clusterInfo().contains("cluster_state:ok")
                            && redis.clusterNodes().lines().noneMatch(Cluster::isFailing)
                            && (machines.isMaster(node) || machines.follows(node))));
  }

  private static boolean isFailing(String line) {
    String flags = line.split(" ", -1)[2];
    return flags.contains("fail") || flags.contains("handshake");
  }

  /** Who has the stream, as it says itself. */
  private Server master() {
    return nodes.stream()
        .filter(
            node ->
                machines.is(
                    node,
                    redis ->
                        redis.info("replication").contains("role:master")
                            && ClusterPartitionParser.parse(redis.clusterNodes()).getPartitions().stream()
                                .anyMatch(each -> each.is(NodeFlag.MYSELF) && each.hasSlot(SLOT))))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nobody has the stream"));
  }

  private Server replicaOf(Server master) {
    String id = id(master);
    return nodes.stream()
        .filter(node -> node != master)
        .filter(
            node ->
                machines.is(
                    node,
                    redis ->
                        redis
                            .clusterNodes()
                            .lines()
                            .anyMatch(line -> line.contains("myself") && line.contains(id))))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the stream's master has no replica"));
  }

  @Override
  public String uri(int process) {
    return uri();
  }

  @Override
  public String uri() {
    return "redis-cluster://"
        + nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
  }

  @Override
  public boolean can(Kind kind) {
    return kind.subject == Fault.Subject.WORKER
        || kind == Kind.KILL_SERVER
        || kind == Kind.FAIL_OVER
        || kind == Kind.MOVE_SLOT;
  }

  @Override
  public void kill() {
    killed = master();
    killed.kill();
  }

  @Override
  public void restart() throws IOException {
    killed.launch();
    Machines.await("a whole cluster", this::isWhole);
  }

  @Override
  public void failOver() {
    Server replica = replicaOf(master());
    machines.ask(replica, redis -> redis.clusterFailover(false));
    Machines.await("the replica to be the master", () -> machines.isMaster(replica) && isWhole());
  }

  /** Its keys first, one after the other, then the slot. */
  @Override
  public void moveSlot() {
    Server from = master();
    Server to =
        nodes.stream()
            .filter(node -> node != from && machines.isMaster(node))
            .findFirst()
            .orElseThrow();
    String fromId = id(from);
    String toId = id(to);
    machines.ask(to, redis -> redis.clusterSetSlotImporting(SLOT, fromId));
    machines.ask(from, redis -> redis.clusterSetSlotMigrating(SLOT, toId));
    machines.ask(
        from,
        redis -> {
          for (String key : redis.clusterGetKeysInSlot(SLOT, 100)) {
            redis.migrate("127.0.0.1", to.port(), 0, 5_000, MigrateArgs.Builder.key(key));
          }
          return true;
        });
    machines.ask(to, redis -> redis.clusterSetSlotNode(SLOT, toId));
    machines.ask(from, redis -> redis.clusterSetSlotNode(SLOT, toId));
    Machines.await("a whole cluster", this::isWhole);
  }

  @Override
  public void close() {
    machines.close();
  }
}
