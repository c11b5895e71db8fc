package io.millstream.engine.lettuce;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.millstream.engine.AtomicSteps;
import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.Engine;
import io.millstream.engine.GroupCommands;
import io.millstream.engine.Reader;
import io.millstream.engine.Signals;
import io.millstream.engine.StreamCommands;
import io.millstream.engine.Writer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The engine on a real Redis 6.2 or later, or Valkey, over Lettuce: on one server, on the master
 * that Sentinels name, or on a cluster.
 *
 * <p>It connects in the background, from its creation on, and keeps trying with a backoff of 50 ms
 * to 1 s; until then commands fail with the error of the last attempt ({@code CONNECTION}, {@code
 * WRONGPASS}, ...). A command without a reply after 10 s fails with {@code TIMEOUT}; its connection
 * is then given up, killed on the server and replaced. At most 16,384 commands may wait for their
 * replies; beyond that a command fails with {@code BUSY} and is not sent. Each reader has a
 * connection of its own, which is given up 10 s after its BLOCK has passed; so have all listeners
 * together.
 *
 * <p>Signals come on Lettuce's event loop, which nobody may block; a timeout comes on the given
 * scheduler. Waking and forgetting a reader needs the right to CLIENT INFO, UNBLOCK and KILL.
 *
 * @since 0.1
 */
public final class LettuceEngine implements Engine {
  private final Servers servers;
  private final StreamCommands streams;
  private final GroupCommands groups;
  private final AtomicSteps steps;
  private final Subscriptions subscriptions;
  private final Signals signals;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Sinks.Empty<Void> closed = Sinks.empty();

  private LettuceEngine(Servers servers, Scheduler scheduler, Settings settings) {
    this.servers = servers;
    this.streams = new LettuceStreamCommands(servers);
    this.groups = new LettuceGroupCommands(servers);
    this.steps = new LettuceAtomicSteps(servers);
    this.subscriptions = new Subscriptions(servers, scheduler, settings);
    this.signals = new LettuceSignals(servers, subscriptions);
  }

  /**
   * With a client of its own, which goes when the engine is closed. Does not wait for a connection.
   *
   * @param uri the server, or Sentinels and the name of the master; its timeout is not used
   * @param scheduler the clock, and the thread of timeouts and reconnects
   */
  public static LettuceEngine connect(RedisURI uri, Scheduler scheduler) {
    return connect(uri, scheduler, Settings.DEFAULT);
  }

  /** As {@link #connect(RedisURI, Scheduler)}, with other settings. */
  static LettuceEngine connect(RedisURI uri, Scheduler scheduler, Settings settings) {
    return start(Connectors.own(uri, settings), scheduler, settings);
  }

  /**
   * With the user's client, on connections of its own to the client's default URI. The client is
   * neither changed nor closed. Its command timeouts and its reconnecting do not apply to these
   * connections; its protocol, credentials, TLS and socket options do. Command listeners and
   * tracing see them too, unless the client expires commands by a {@code TimeoutSource} other than
   * the connection's timeout.
   *
   * @param client the client; it must have been created with a URI
   * @param scheduler the clock, and the thread of timeouts and reconnects
   */
  public static LettuceEngine using(RedisClient client, Scheduler scheduler) {
    return using(client, scheduler, Settings.DEFAULT);
  }

  /** As {@link #using(RedisClient, Scheduler)}, with other settings. */
  static LettuceEngine using(RedisClient client, Scheduler scheduler, Settings settings) {
    return start(Connectors.of(client), scheduler, settings);
  }

  /**
   * On a cluster, with a client of its own, which goes when the engine is closed. Does not wait for
   * a connection.
   *
   * @param seeds where the cluster is asked for its nodes; each with what it takes to log in there,
   *     which is the same for all nodes
   * @param scheduler the clock, and the thread of timeouts and reconnects
   */
  public static LettuceEngine connectCluster(List<RedisURI> seeds, Scheduler scheduler) {
    return connectCluster(seeds, scheduler, Settings.DEFAULT);
  }

  /** As {@link #connectCluster(List, Scheduler)}, with other settings. */
  static LettuceEngine connectCluster(
      List<RedisURI> seeds, Scheduler scheduler, Settings settings) {
    return start(
        new Cluster(ClusterClient.own(seeds, settings), scheduler, settings), scheduler, settings);
  }

  /**
   * On a cluster, with the user's client: on connections of its own to the nodes that the client
   * knows, with the client's threads, login and options. The client is neither changed nor closed.
   * Its command timeouts, its reconnecting, its topology refresh and its command listeners do not
   * apply to these connections.
   *
   * @param client the client
   * @param scheduler the clock, and the thread of timeouts and reconnects
   */
  public static LettuceEngine using(RedisClusterClient client, Scheduler scheduler) {
    return using(client, scheduler, Settings.DEFAULT);
  }

  /** As {@link #using(RedisClusterClient, Scheduler)}, with other settings. */
  static LettuceEngine using(RedisClusterClient client, Scheduler scheduler, Settings settings) {
    return start(
        new Cluster(ClusterClient.of(client, settings), scheduler, settings), scheduler, settings);
  }

  private static LettuceEngine start(Connector connector, Scheduler scheduler, Settings settings) {
    return start(new Node(connector, scheduler, settings, ""), scheduler, settings);
  }

  private static LettuceEngine start(Servers servers, Scheduler scheduler, Settings settings) {
    LettuceEngine engine = new LettuceEngine(servers, scheduler, settings);
    servers.connect();
    return engine;
  }

  /** For any command that is not for a reader; on a cluster only for those with a key. */
  Sender sender() {
    return servers;
  }

  @Override
  public StreamCommands streams() {
    return streams;
  }

  @Override
  public GroupCommands groups() {
    return groups;
  }

  @Override
  public AtomicSteps steps() {
    return steps;
  }

  @Override
  public Signals signals() {
    return signals;
  }

  @Override
  public Mono<Reader> openReader() {
    return servers.openReader();
  }

  @Override
  public Mono<Reader> openReader(String key) {
    return servers.openReader(key);
  }

  @Override
  public Mono<Writer> openWriter(String key) {
    return servers.openWriter(key);
  }

  @Override
  public Flux<ConnectionEvent> events() {
    return servers.events();
  }

  @Override
  public Flux<ConnectionEvent> events(String key) {
    return servers.events(key);
  }

  @Override
  public Mono<Void> close() {
    return Mono.defer(
        () -> {
          if (closing.compareAndSet(false, true)) {
            subscriptions.close();
            servers.close().subscribe(null, error -> closed.tryEmitEmpty(), closed::tryEmitEmpty);
          }
          return closed.asMono();
        });
  }
}
