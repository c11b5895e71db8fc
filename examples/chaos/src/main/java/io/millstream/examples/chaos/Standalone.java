package io.millstream.examples.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import redis.embedded.RedisExecProvider;

/** One server. */
final class Standalone implements Topology {
  static final String NAME = "standalone";

  private final Server server;
  private final List<Wire> wires = new ArrayList<>();

  private Standalone(Server server) throws IOException {
    this.server = server;
    for (int process = 1; process <= Processes.ALL; process++) {
      wires.add(new Wire(server.port()));
    }
  }

  static Standalone start(Options options, Path folder) throws IOException {
    Path binary =
        options.binary().isPresent()
            ? options.binary().get()
            : RedisExecProvider.defaultProvider().get().toPath();
    Server server = Server.start(binary, folder);
    try {
      return new Standalone(server);
    } catch (IOException e) {
      server.end();
      throw e;
    }
  }

  @Override
  public String uri(int process) {
    return "redis://127.0.0.1:" + wire(process).port();
  }

  @Override
  public String uri() {
    return "redis://127.0.0.1:" + server.port();
  }

  @Override
  public Wire wire(int process) {
    return wires.get(process - 1);
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void restart() throws IOException {
    server.launch();
  }

  @Override
  public void freeze() {
    server.freeze();
  }

  @Override
  public void thaw() {
    server.thaw();
  }

  @Override
  public void close() {
    wires.forEach(Wire::close);
    server.end();
  }
}
