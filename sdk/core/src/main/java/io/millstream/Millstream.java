package io.millstream;

import io.lettuce.core.RedisClient;
import io.millstream.admin.StreamAdmin;
import io.millstream.codec.MessageStream;
import io.millstream.engine.Engine;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.observe.Observer;
import io.millstream.publish.MessagePublisher;
import io.millstream.publish.PublishSettings;
import io.millstream.worker.WorkerBuilder;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The front door: one connection to Redis (or to Redis in memory), from which publishers and
 * workers come. Safe for use by several threads; an application needs one.
 *
 * @since 0.1
 */
public interface Millstream extends AutoCloseable {
  /**
   * On a Redis or Valkey server. Returns at once: whether the server is there shows in what is done
   * next; workers wait for it.
   *
   * @param uri {@code redis://[[user:]password@]host[:port][/database]}, or {@code rediss://} for
   *     TLS
   * @throws IllegalArgumentException if the URI is malformed
   */
  static Millstream connect(String uri) {
    return connect(uri, Observer.NONE);
  }

  /**
   * As {@link #connect(String)}, telling an observer what happens, for example a {@code
   * MicrometerObserver}.
   */
  static Millstream connect(String uri, Observer observer) {
    return LocalMillstream.connect(uri, observer);
  }

  /**
   * On a client of the user's, which is neither reconfigured nor closed. The connections are
   * Millstream's own.
   */
  static Millstream using(RedisClient client) {
    return using(client, Observer.NONE);
  }

  /** As {@link #using(RedisClient)}, telling an observer what happens. */
  static Millstream using(RedisClient client, Observer observer) {
    return using(() -> client, observer);
  }

  /**
   * As {@link #using(RedisClient, Observer)}, for a client that its owner may replace by another,
   * as Spring does when an application is stopped and started again.
   *
   * @param client is asked before each connection is made; what it throws is a failed attempt, as
   *     if the server were not there
   */
  static Millstream using(Supplier<RedisClient> client, Observer observer) {
    return LocalMillstream.using(client, observer);
  }

  /** On a Redis in memory of its own, in real time. */
  static Millstream inMemory() {
    return inMemory(InMemoryServer.create(Schedulers.parallel()));
  }

  /**
   * On a given Redis in memory, as another process of the same system would be. In the server's
   * time.
   */
  static Millstream inMemory(InMemoryServer server) {
    return inMemory(server, Observer.NONE);
  }

  /** As {@link #inMemory(InMemoryServer)}, telling an observer what happens. */
  static Millstream inMemory(InMemoryServer server, Observer observer) {
    return LocalMillstream.inMemory(server, observer);
  }

  /** A publisher for a stream. Cheap; keep it or make it anew. */
  default <T> MessagePublisher<T> publisher(MessageStream<T> stream) {
    return publisher(stream, PublishSettings.DEFAULTS);
  }

  /** A publisher with settings of its own. */
  <T> MessagePublisher<T> publisher(MessageStream<T> stream, PublishSettings settings);

  /**
   * A worker for a stream, as a member of a consumer group; it does nothing before it is started.
   * Closing this Millstream stops it.
   */
  <T> WorkerBuilder<T> worker(MessageStream<T> stream, String group);

  /**
   * What an operator needs: how groups stand, what is pending, dead letters and their redrive,
   * trimming. Cheap; keep it or make it anew.
   */
  StreamAdmin admin();

  /** The engine underneath, for what Millstream itself does not offer. */
  Engine engine();

  /**
   * Stops all workers as {@link io.millstream.worker.Worker#stop()} does, then lets go of the
   * connections. Begins at once; asking twice is the same as once.
   */
  Mono<Void> stop();

  /**
   * Stops it when the JVM is asked to end (SIGTERM), and lets that wait for it: for at most the
   * drain timeout of the workers and some seconds. Off by default; not for applications that stop
   * things themselves, as Spring does. Asking twice is the same as once.
   *
   * @return this
   */
  Millstream stopOnShutdown();

  /** {@link #stop()}, and waits for it. Not for threads that must not block. */
  @Override
  void close();
}
