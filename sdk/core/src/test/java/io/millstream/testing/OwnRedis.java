package io.millstream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A server process of the test's own, on a free port of the loopback interface, that may be killed,
 * frozen and restarted. It keeps nothing on disk unless its arguments say so. It ends with {@link
 * #close()}, at the latest with the JVM.
 */
public final class OwnRedis implements AutoCloseable {
  private static final int ATTEMPTS = 5;

  /** A cluster node listens on its port and on that one that is so much higher. */
  private static final int BUS = 10_000;

  private final Path binary;
  private final List<String> extraArgs;
  private final @Nullable String sentinel;
  private final Path folder;
  private final int port;
  private Process process;

  private OwnRedis(Path binary, List<String> extraArgs, @Nullable String sentinel)
      throws IOException {
    this.binary = binary;
    this.extraArgs = extraArgs;
    this.sentinel = sentinel;
    this.folder = Files.createTempDirectory("millstream-redis");
    this.port = freePort();
    if (sentinel != null) {
      Files.writeString(configuration(), sentinel);
    }
    this.process = launch();
    awaitAnswer(process);
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-redis-" + port));
  }

  /** Starts a server; should somebody take its port meanwhile, another one. */
  static OwnRedis start(Path binary, String... extraArgs) {
    return start(binary, List.of(extraArgs), null);
  }

  /**
   * Starts a Sentinel.
   *
   * @param configuration the lines of its file, to which it will add what it learns
   */
  static OwnRedis startSentinel(Path binary, String configuration) {
    return start(binary, List.of(), configuration);
  }

  private static OwnRedis start(Path binary, List<String> extraArgs, @Nullable String sentinel) {
    for (int attempt = 1; ; attempt++) {
      try {
        return new OwnRedis(binary, extraArgs, sentinel);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** Where it listens: {@code redis://127.0.0.1:port}. */
  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /** The port on the loopback interface. */
  public int port() {
    return port;
  }

  /** A plain connection to it. */
  public RespConnection connect() {
    return new RespConnection(uri());
  }

  /** Ends the process at once (SIGKILL), as a crash would, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the server on port " + port + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Kills it if it runs, and starts it again with the same port, folder and arguments. */
  public void restart() {
    begin();
    try {
      awaitAnswer(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #restart()}, without waiting until it answers. */
  public void begin() {
    kill();
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether its process is there, frozen or not. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** Where it keeps its files. */
  public Path folder() {
    return folder;
  }

  /** Stops its time (SIGSTOP): connections stay open, nothing is answered. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public void resume() {
    signal("CONT");
  }

  @Override
  public void close() {
    kill();
    try (var files = Files.walk(folder)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // what is left in the temporary folder does no harm
    }
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("SIG" + name + " was refused");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    if (sentinel != null) {
      command.add(configuration().toString());
    }
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", folder.toString()));
    command.addAll(
        sentinel != null ? List.of("--sentinel") : List.of("--save", "", "--appendonly", "no"));
    command.addAll(extraArgs);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private Path configuration() {
    return folder.resolve("sentinel.conf");
  }

  private Path log() {
    return folder.resolve("server.log");
  }

  private void awaitAnswer(Process started) throws IOException {
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> !started.isAlive() || answers());
    } catch (ConditionTimeoutException e) {
      started.destroyForcibly();
      throw new IOException("no answer from " + binary + ":\n" + Files.readString(log()), e);
    }
    if (!started.isAlive()) {
      throw new IOException("could not start " + binary + ":\n" + Files.readString(log()));
    }
  }

  /** Any reply will do: with {@code --requirepass} it is an error. */
  private boolean answers() {
    try (var connection = connect()) {
      return "PONG".equals(connection.call("PING"));
    } catch (RespConnection.ReplyError e) {
      return !String.valueOf(e.getMessage()).startsWith("LOADING");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    while (true) {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        int port = socket.getLocalPort();
        if (port + BUS <= 65_535 && isFree(port + BUS)) {
          return port;
        }
      }
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
