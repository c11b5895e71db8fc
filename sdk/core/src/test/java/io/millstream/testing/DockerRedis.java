package io.millstream.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A server in a container, if there is a Docker engine that answers and has the image or can pull
 * it. Testcontainers is not touched before an engine has accepted a connection: without one it
 * searches for long and reports an error that is none.
 */
final class DockerRedis {
  private static final Logger log = LoggerFactory.getLogger(DockerRedis.class);
  private static final int PATIENCE_SECONDS = 120;

  private DockerRedis() {}

  /** The container's URI, or nothing. */
  @SuppressWarnings("FutureReturnValueIgnored") // a start that took too long is given up
  static Optional<String> start(String image) {
    if (!engineListens()) {
      return Optional.empty();
    }
    CompletableFuture<String> uri = new CompletableFuture<>();
    Thread starter = new Thread(() -> startContainer(image, uri), "start-redis-container");
    starter.setDaemon(true);
    starter.start();
    try {
      return Optional.of(uri.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      log.info("Docker is there, but {} cannot be run: {}", image, rootMessage(e));
    } catch (TimeoutException e) {
      log.info("Docker is there, but {} did not run within {} s", image, PATIENCE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private static void startContainer(String image, CompletableFuture<String> uri) {
    try {
      @SuppressWarnings("resource") // stopped by the hook
      GenericContainer<?> container =
          new GenericContainer<>(DockerImageName.parse(image)).withExposedPorts(6379);
      Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop-redis-container"));
      container.start();
      uri.complete("redis://" + container.getHost() + ":" + container.getMappedPort(6379));
    } catch (RuntimeException | LinkageError e) {
      uri.completeExceptionally(e);
    }
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private static boolean engineListens() {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return true; // a named pipe: only Testcontainers can tell
    }
    return candidates().stream().anyMatch(DockerRedis::accepts);
  }

  private static List<URI> candidates() {
    List<URI> candidates = new ArrayList<>();
    String host = System.getenv("DOCKER_HOST");
    if (host != null && !host.isBlank()) {
      candidates.add(URI.create(host.strip()));
      return candidates;
    }
    List<Path> sockets = new ArrayList<>(List.of(Path.of("/var/run/docker.sock")));
    String runtimeFolder = System.getenv("XDG_RUNTIME_DIR");
    if (runtimeFolder != null) {
      sockets.add(Path.of(runtimeFolder, "docker.sock"));
    }
    String home = System.getProperty("user.home");
    sockets.add(Path.of(home, ".docker", "run", "docker.sock"));
    sockets.add(Path.of(home, ".docker", "desktop", "docker.sock"));
    sockets.add(Path.of(home, ".rd", "docker.sock"));
    sockets.stream()
        .filter(Files::exists)
        .forEach(socket -> candidates.add(URI.create("unix://" + socket)));
    return candidates;
  }

  private static boolean accepts(URI engine) {
    try {
      if ("unix".equals(engine.getScheme())) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
          return channel.connect(UnixDomainSocketAddress.of(engine.getPath()));
        }
      }
      try (var socket = new Socket()) {
        int port = engine.getPort() < 0 ? 2375 : engine.getPort();
        socket.connect(new InetSocketAddress(engine.getHost(), port), 1_000);
        return true;
      }
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
