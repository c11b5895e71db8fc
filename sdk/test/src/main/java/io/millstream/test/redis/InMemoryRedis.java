package io.millstream.test.redis;

import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.memory.InMemoryServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.redis.RedisArrayAggregator;
import io.netty.handler.codec.redis.RedisBulkStringAggregator;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.handler.codec.redis.RedisEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * A Redis in memory that listens on a port of the loopback interface and speaks RESP2 and RESP3, so
 * that any client in any language, {@code redis-cli} included, works with the same streams as a
 * {@code Millstream.inMemory(redis.server())} in this process. It models Redis 8.0: all commands of
 * streams, and around them what clients send to connect and look about. It runs no Lua but
 * Millstream's own scripts, keeps nothing on disk and asks for no password.
 *
 * <p>Commands run one at a time on a thread of its own. Any thread may call.
 *
 * @since 0.1
 */
public final class InMemoryRedis implements AutoCloseable {
  private static final int HIGHEST_PORT = 65_535;
  private static final int MOST_WORDS = 1_048_576; // of a command, as in Redis

  private final InMemoryServer server;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("millstream-redis", true), NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(loop.next());
  private final Front front;
  private final Channel listening;
  private final Disposable lostConnections;

  private InMemoryRedis(InMemoryServer server, int port) {
    this.server = server;
    this.front = Front.of(server);
    this.listening = listen(port);
    server.addAudience(front.channels());
    this.lostConnections =
        front
            .databases()
            .get(0)
            .engine()
            .events()
            .filter(event -> event == ConnectionEvent.DISCONNECTED)
            .subscribe(event -> endAll().isDone());
  }

  /** An empty server in real time, on a free port. */
  public static InMemoryRedis start() {
    return start(0);
  }

  /**
   * An empty server in real time.
   *
   * @param port 1 to 65535, or 0 for a free one
   * @throws IllegalArgumentException if the port is none
   * @throws IllegalStateException if the port is taken
   */
  public static InMemoryRedis start(int port) {
    return start(port, InMemoryServer.create(Schedulers.parallel()));
  }

  /**
   * Opens a server that is there already. Closing this then closes the port and keeps the data.
   *
   * @param port 1 to 65535, or 0 for a free one
   * @throws IllegalArgumentException if the port is none
   * @throws IllegalStateException if the port is taken
   */
  public static InMemoryRedis start(int port, InMemoryServer server) {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("port: " + port + ", expected 0 to " + HIGHEST_PORT);
    }
    return new InMemoryRedis(server, port);
  }

  private Channel listen(int port) {
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connections.add(connection);
                    connection
                        .pipeline()
                        .addLast(
                            new RedisDecoder(true),
                            new RedisBulkStringAggregator(),
                            new RedisArrayAggregator(MOST_WORDS, 1),
                            new RequestReader(),
                            new RedisEncoder(),
                            new ClientHandler(front));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), port)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      stopLoop();
      throw new IllegalStateException(
          "port: " + port + " cannot be listened on: " + bound.cause().getMessage(), bound.cause());
    }
    return bound.channel();
  }

  private Future<Void> endAll() {
    return connections.close();
  }

  /** The port that it listens on. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /** Where it is: {@code redis://127.0.0.1:port}. */
  public String uri() {
    return "redis://" + InetAddress.getLoopbackAddress().getHostAddress() + ':' + port();
  }

  /** The server itself: for faults, and for a Millstream in this process. */
  public InMemoryServer server() {
    return server;
  }

  /** Ends all connections and frees the port. Closing twice is the same as once. */
  @Override
  public void close() {
    lostConnections.dispose();
    server.removeAudience(front.channels());
    listening.close().awaitUninterruptibly();
    endAll().awaitUninterruptibly();
    stopLoop();
    front.databases().close();
  }

  private void stopLoop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
