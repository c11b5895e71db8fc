package io.millstream.examples.chaos;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Several servers of a run, and commands to each of them past everything else. */
final class Machines implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final Path binary;
  private final Path folder;
  private final RedisClient client = RedisClient.create();
  private final List<Server> servers = new ArrayList<>();

  Machines(Path binary, Path folder) {
    this.binary = binary;
    this.folder = folder;
  }

  /** Starts one more. */
  Server start(String... extraArgs) throws IOException {
    Server server = Server.start(binary, folder.resolve("server-" + servers.size()), extraArgs);
    servers.add(server);
    return server;
  }

  /** Starts one more that is a Sentinel. */
  Server startSentinel(List<String> lines) throws IOException {
    Server server = Server.sentinel(binary, folder.resolve("server-" + servers.size()), lines);
    servers.add(server);
    return server;
  }

  List<Server> all() {
    return List.copyOf(servers);
  }

  RedisClient client() {
    return client;
  }

  static RedisURI uri(Server server) {
    return RedisURI.builder()
        .withHost("127.0.0.1")
        .withPort(server.port())
        .withTimeout(Duration.ofSeconds(5))
        .build();
  }

  /** Asks a server on a connection of its own. */
  <T> T ask(Server server, Function<RedisCommands<String, String>, T> question) {
    try (StatefulRedisConnection<String, String> connection = client.connect(uri(server))) {
      return question.apply(connection.sync());
    }
  }

  /** Whether it is so; a server that does not answer is none of which anything is so. */
  boolean is(Server server, Function<RedisCommands<String, String>, Boolean> question) {
    try {
      return ask(server, question);
    } catch (RedisException e) {
      return false;
    }
  }

  boolean isMaster(Server server) {
    return is(server, redis -> redis.info("replication").contains("role:master"));
  }

  boolean follows(Server server) {
    return is(server, redis -> redis.info("replication").contains("master_link_status:up"));
  }

  /**
   * Waits until it is so.
   *
   * @throws IllegalStateException if it does not come to be
   */
  static void await(String what, BooleanSupplier condition) {
    if (!Waiting.until(PATIENCE, LOOK_EVERY, condition)) {
      throw new IllegalStateException("not within " + PATIENCE + ": " + what);
    }
  }

  @Override
  public void close() {
    servers.forEach(Server::end);
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
  }
}
