package io.millstream.examples.fuzz;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server process on a free port of the loopback interface; it keeps nothing. */
final class RealServer implements AutoCloseable {
  private static final int ATTEMPTS = 400;
  private static final long PAUSE_MILLIS = 25;
  private static final Pattern VERSION =
      Pattern.compile("(redis|valkey)_version:(\\d+)\\.(\\d+)\\.(\\S+)");

  private final Process process;
  private final int port;
  private String name = "redis";
  private String version = "";
  private int number; // 802 for 8.2; Valkey's for Valkey

  private RealServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static RealServer start(Path binary) throws IOException, InterruptedException {
    int port = freePort();
    Process process =
        new ProcessBuilder(
                List.of(
                    binary.toString(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--appendonly",
                    "no"))
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/null"))
            .start();
    RealServer server = new RealServer(process, port);
    for (int attempt = 0; attempt < ATTEMPTS && process.isAlive(); attempt++) {
      if (server.answers()) {
        return server;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    server.close();
    throw new IOException(binary + " does not start");
  }

  private boolean answers() {
    try (Wire wire = new Wire(port, 2)) {
      Value info = wire.call(List.of("INFO", "server"));
      Matcher versions = VERSION.matcher(((Value.Bulk) info).text());
      while (versions.find()) { // Valkey tells Redis's version first
        name = versions.group(1);
        version = versions.group(2) + "." + versions.group(3) + "." + versions.group(4);
        number = 100 * Integer.parseInt(versions.group(2)) + Integer.parseInt(versions.group(3));
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  /** Whether it is Redis before this version, 702 for 7.2. */
  boolean isRedisBefore(int other) {
    return !isValkey() && number < other;
  }

  /** Whether it is Redis of this version or a later one. */
  boolean isRedisFrom(int other) {
    return !isValkey() && number >= other;
  }

  /** Whether it is another than the Redis 8.0 that is modelled. */
  boolean isNotTheModel() {
    return isValkey() || number != 800;
  }

  boolean isValkey() {
    return name.equals("valkey");
  }

  @Override
  public String toString() {
    return name + " " + version;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
