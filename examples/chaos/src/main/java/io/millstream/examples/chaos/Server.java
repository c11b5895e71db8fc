package io.millstream.examples.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A server process on a free port of the loopback interface that forgets nothing which it has
 * answered: appendonly yes, appendfsync always.
 */
final class Server {
  private static final int ATTEMPTS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);
  private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII);
  private static final byte[] PONG = "+PONG\r\n".getBytes(US_ASCII);

  private final Path binary;
  private final Path folder;
  private final List<String> args;
  private final int port;
  private Process process; // guarded by this
  private boolean ended; // guarded by this

  private Server(Path binary, Path folder, List<String> args) throws IOException {
    this.binary = binary;
    this.folder = folder;
    this.args = args;
    this.port = freePort();
    this.process = started();
  }

  /** Starts a server; should somebody take its port meanwhile, another one. */
  static Server start(Path binary, Path folder, String... extraArgs) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("--save", "", "--appendonly", "yes", "--appendfsync", "always"));
    args.addAll(List.of(extraArgs));
    return start(binary, folder, args);
  }

  /** Starts a Sentinel; its file is its memory. */
  static Server sentinel(Path binary, Path folder, List<String> lines) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("sentinel.conf");
    Files.write(file, lines);
    return start(binary, folder, List.of(file.toString(), "--sentinel"));
  }

  private static Server start(Path binary, Path folder, List<String> args) throws IOException {
    Files.createDirectories(folder);
    for (int attempt = 1; ; attempt++) {
      try {
        return new Server(binary, folder, args);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  int port() {
    return port;
  }

  /** Starts it again, unless all is over. */
  synchronized void launch() throws IOException {
    if (!ended) {
      process = started();
    }
  }

  synchronized void kill() {
    Signals.kill(process);
  }

  /** Ends it for good. */
  synchronized void end() {
    ended = true;
    kill();
  }

  synchronized void freeze() {
    Signals.freeze(process);
  }

  synchronized void thaw() {
    Signals.thaw(process);
  }

  private Process started() throws IOException {
    Path log = folder.resolve("server.log");
    List<String> command = new ArrayList<>();
    command.add(binary.toString());
    boolean file = !args.get(0).startsWith("--"); // which must come first
    command.addAll(file ? args.subList(0, 1) : List.of());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", folder.toString()));
    command.addAll(file ? args.subList(1, args.size()) : args);
    Process begun =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    boolean answers = Waiting.until(PATIENCE, LOOK_EVERY, () -> !begun.isAlive() || answers());
    if (!answers || !begun.isAlive()) {
      Signals.kill(begun);
      throw new IOException(binary + " does not start:\n" + Files.readString(log));
    }
    return begun;
  }

  /** A server that is still loading answers otherwise. */
  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      socket.setSoTimeout(500);
      socket.getOutputStream().write(PING);
      return Arrays.equals(PONG, socket.getInputStream().readNBytes(PONG.length));
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
