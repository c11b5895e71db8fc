package io.millstream.examples.chaos;

import io.lettuce.core.RedisURI;
import io.millstream.examples.chaos.Fault.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A master with a replica, and three Sentinels that fail over after a second of silence. */
final class Sentinels implements Topology {
  static final String NAME = "sentinel";

  private static final String MASTER = "mymaster";

  private final Machines machines;
  private final List<Server> servers = new ArrayList<>();
  private final List<Server> sentinels = new ArrayList<>();
  private Server killed;

  private Sentinels(Machines machines) throws IOException {
    this.machines = machines;
    Server master = machines.start();
    this.killed = master;
    servers.add(master);
    servers.add(machines.start("--replicaof", "127.0.0.1 " + master.port()));
    Machines.await("a replica that follows", this::isWhole);
    for (int i = 0; i < 3; i++) {
      sentinels.add(
          machines.startSentinel(
              List.of(
                  "sentinel monitor " + MASTER + " 127.0.0.1 " + master.port() + " 2",
                  "sentinel down-after-milliseconds " + MASTER + " 1000",
                  "sentinel failover-timeout " + MASTER + " 5000")));
    }
    Machines.await(
        "Sentinels that know each other",
        () ->
            sentinels.stream()
                .allMatch(
                    each ->
                        machines.is(
                            each, redis -> redis.info("sentinel").contains("slaves=1,sentinels=3"))));
  }

  static Sentinels start(Path binary, Path folder) throws IOException {
    Machines machines = new Machines(binary, folder);
    try {
      return new Sentinels(machines);
    } catch (IOException | RuntimeException e) {
      machines.close();
      throw e;
    }
  }

  @Override
  public String uri(int process) {
    return uri();
  }

  @Override
  public String uri() {
    return "redis-sentinel://"
        + sentinels.stream().map(each -> "127.0.0.1:" + each.port()).collect(Collectors.joining(","))
        + "#"
        + MASTER;
  }

  @Override
  public boolean can(Kind kind) {
    return kind.subject == Fault.Subject.WORKER
        || kind == Kind.KILL_SERVER
        || kind == Kind.KILL_CLIENTS
        || kind == Kind.FAIL_OVER;
  }

  private Server master() {
    RedisURI uri = Machines.uri(sentinels.get(0));
    try (var connection = machines.client().connectSentinel(uri)) {
      int port =
          ((InetSocketAddress) connection.sync().getMasterAddrByName(MASTER)).getPort();
      return servers.stream().filter(each -> each.port() == port).findFirst().orElseThrow();
    }
  }

  private boolean isWhole() {
    return servers.stream().filter(machines::isMaster).count() == 1
        && servers.stream().filter(machines::follows).count() == servers.size() - 1;
  }

  @Override
  public void kill() {
    killed = master();
    killed.kill();
  }

  @Override
  public void restart() throws IOException {
    killed.launch();
    Machines.await("one master and one that follows", this::isWhole);
  }

  @Override
  public void failOver() {
    Server old = master();
    try (var connection = machines.client().connectSentinel(Machines.uri(sentinels.get(0)))) {
      connection.sync().failover(MASTER);
    }
    Machines.await("another master", () -> master() != old && isWhole());
  }

  @Override
  public void close() {
    machines.close();
  }
}
