package io.millstream.examples.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.embedded.RedisExecProvider;

/** A server of our own, without persistence, on a free port of the loopback interface. */
final class Server implements AutoCloseable {
  private final Process process;
  private final int port;
  private final RedisClient client;

  private Server(Process process, int port) {
    this.process = process;
    this.port = port;
    this.client = RedisClient.create("redis://127.0.0.1:" + port);
  }

  static Server start(Optional<Path> binary) throws IOException, InterruptedException {
    Path executable =
        binary.isPresent() ? binary.get() : RedisExecProvider.defaultProvider().get().toPath();
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                executable.toString(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--appendonly",
                "no")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // interrupted runs too
    Server server = new Server(process, port);
    server.await();
    return server;
  }

  private void await() throws InterruptedException {
    for (int tries = 0; ; tries++) {
      try {
        version();
        return;
      } catch (RedisConnectionException e) {
        if (tries == 100 || !process.isAlive()) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }

  int port() {
    return port;
  }

  String version() {
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return connection
          .sync()
          .info("server")
          .lines()
          .filter(line -> line.startsWith("redis_version:"))
          .map(line -> line.substring(line.indexOf(':') + 1))
          .findFirst()
          .orElse("of an unknown version");
    }
  }

  /** Entries with the ids that {@link Job} says. */
  void fill(String stream, int entries, int bytes) {
    byte[] key = stream.getBytes(UTF_8);
    Map<byte[], byte[]> fields =
        Map.of(Job.FIELD.getBytes(UTF_8), "x".repeat(bytes).getBytes(UTF_8));
    try (StatefulRedisConnection<byte[], byte[]> connection =
        client.connect(ByteArrayCodec.INSTANCE)) {
      connection.setAutoFlushCommands(false);
      List<RedisFuture<String>> sent = new ArrayList<>();
      for (int i = 0; i < entries; i++) {
        XAddArgs id = new XAddArgs().id((Job.FIRST + i) + "-0");
        sent.add(connection.async().xadd(key, id, fields));
        if (sent.size() == 1_000 || i == entries - 1) {
          connection.flushCommands();
          LettuceFutures.awaitAll(Duration.ofMinutes(1), sent.toArray(RedisFuture[]::new));
          sent.clear();
        }
      }
    }
  }

  void delete(String stream) {
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      connection.sync().del(stream);
    }
  }

  /** It keeps nothing, so it need not be asked politely. */
  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    process.destroyForcibly().onExit().join();
  }
}
