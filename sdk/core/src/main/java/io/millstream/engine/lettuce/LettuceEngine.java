package io.millstream.engine.lettuce;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.millstream.engine.AdminSteps;
import io.millstream.engine.AtomicSteps;
import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.Engine;
import io.millstream.engine.GroupCommands;
import io.millstream.engine.Reader;
import io.millstream.engine.Signals;
import io.millstream.engine.StreamCommands;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The engine on a real, standalone Redis 6.2 or later, or Valkey, over Lettuce.
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
  private final Connector connector;
  private final Links links;
  private final SharedConnection shared;
  private final Settings settings;
  private final StreamCommands streams;
  private final GroupCommands groups;
  private final AtomicSteps steps;
  private final AdminSteps adminSteps;
  private final Subscriptions subscriptions;
  private final Signals signals;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Sinks.Empty<Void> closed = Sinks.empty();

  private LettuceEngine(Connector connector, Scheduler scheduler, Settings settings) {
    this.connector = connector;
    this.settings = settings;
    this.links = new Links(connector, scheduler, settings);
    this.shared = new SharedConnection(links, scheduler, settings);
    this.streams = new LettuceStreamCommands(shared);
    this.groups = new LettuceGroupCommands(shared);
    this.steps = new LettuceAtomicSteps(shared);
    this.adminSteps = new LettuceAdminSteps(shared);
    this.subscriptions = new Subscriptions(links, scheduler, settings);
    this.signals = new LettuceSignals(shared, subscriptions);
  }

  /**
   * With a client of its own, which goes when the engine is closed. Does not wait for a connection.
   *
   * @param uri the server; its timeout is not used
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
    return start(Connectors.of(() -> client), scheduler, settings);
  }

  /**
   * As {@link #using(RedisClient, Scheduler)}, for a client that may be replaced by another.
   *
   * @param client is asked before each connection is made, on a thread that may block; what it
   *     throws is a failed attempt
   */
  public static LettuceEngine using(Supplier<RedisClient> client, Scheduler scheduler) {
    return start(Connectors.of(client), scheduler, Settings.DEFAULT);
  }

  private static LettuceEngine start(Connector connector, Scheduler scheduler, Settings settings) {
    LettuceEngine engine = new LettuceEngine(connector, scheduler, settings);
    engine.shared.connect();
    return engine;
  }

  /** The shared connection, for any command. */
  Sender sender() {
    return shared;
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
  public AdminSteps adminSteps() {
    return adminSteps;
  }

  @Override
  public Signals signals() {
    return signals;
  }

  @Override
  public Mono<Reader> openReader() {
    return links.open().map(link -> new LettuceReader(link, shared, settings.commandTimeout()));
  }

  @Override
  public Flux<ConnectionEvent> events() {
    return shared.events();
  }

  @Override
  public Mono<Void> close() {
    return Mono.defer(
        () -> {
          if (closing.compareAndSet(false, true)) {
            shared.close();
            subscriptions.close();
            links
                .close()
                .then(connector.close())
                .subscribe(null, error -> closed.tryEmitEmpty(), closed::tryEmitEmpty);
          }
          return closed.asMono();
        });
  }
}
