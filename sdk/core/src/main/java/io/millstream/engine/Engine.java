package io.millstream.engine;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The port: everything that Millstream asks of Redis. Two engines stand behind it, real Redis over
 * Lettuce and the in-memory engine; what is above cannot tell them apart.
 *
 * <p>Conventions of every method that returns a {@code Mono}:
 *
 * <ul>
 *   <li>Nothing is sent before it is subscribed to, and each subscription sends once.
 *   <li>A nil reply is an empty Mono.
 *   <li>Every failure is a {@link RedisException}. While there is no connection, calls fail at once
 *       with {@link RedisException#CONNECTION} or with what keeps it from being made; only the very
 *       first attempt to connect is waited for. Nothing else is queued, and nothing is sent a
 *       second time behind the caller's back.
 *   <li>Cancelling does not take back what was sent.
 *   <li>Signals come on a thread of the engine, which must never be blocked.
 * </ul>
 *
 * @since 0.1
 */
public interface Engine {
  /** The commands of a stream. */
  StreamCommands streams();

  /** The commands of a consumer group, but for the blocking read. */
  GroupCommands groups();

  /** What must be atomic and no single command does. */
  AtomicSteps steps();

  /** What tells other processes that there is something to do. */
  Signals signals();

  /**
   * A new reader with a connection of its own. Fails with {@link RedisException#CONNECTION} if
   * there is no server.
   */
  Mono<Reader> openReader();

  /**
   * As {@link #openReader()}, for reading this stream: on a cluster, at the node that has it. Fails
   * with {@link RedisException#CONNECTION} if that node is not there. A reader follows its stream
   * to another node by itself.
   */
  default Mono<Reader> openReader(String key) {
    return openReader();
  }

  /**
   * A new writer with a connection of its own, for this stream. Fails with {@link
   * RedisException#CONNECTION} if there is no server. An engine in memory has no replicas: its
   * writer says that as many as were asked for have everything.
   */
  default Mono<Writer> openWriter(String key) {
    return Mono.fromSupplier(() -> new PlainWriter(streams()));
  }

  /**
   * What happens to the connection that everything but readers shares, from now on. {@link
   * ConnectionEvent#CONNECTED} after a {@link ConnectionEvent#DISCONNECTED} means: commands are
   * taken again, and as far as the server's rights let us (CLIENT KILL), nothing that failed as
   * "outcome unknown" on the old connection can take effect any more. Hot, never fails, and
   * completes when the engine is closed.
   *
   * <p>On a cluster there is one such connection for each node in use: {@link
   * ConnectionEvent#DISCONNECTED} when any of them is lost, {@link ConnectionEvent#CONNECTED} when
   * none is missing any more.
   */
  Flux<ConnectionEvent> events();

  /**
   * As {@link #events()}, of the connection that commands on this key go over: on a cluster, to
   * whichever node has it. That a key moves to another node is no event.
   */
  default Flux<ConnectionEvent> events(String key) {
    return events();
  }

  /**
   * Lets go of all connections. Commands under way fail with {@link RedisException#CONNECTION}.
   * Closing twice is the same as once.
   */
  Mono<Void> close();
}
