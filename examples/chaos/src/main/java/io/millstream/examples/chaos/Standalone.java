package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Fault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  static Standalone start(Path binary, Path folder) throws IOException {
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
    return "redis://127.0.0.1:" + wires.get(process - 1).port();
  }

  @Override
  public String uri() {
    return "redis://127.0.0.1:" + server.port();
  }

  @Override
  public boolean can(Kind kind) {
    return kind != Kind.FAIL_OVER && kind != Kind.MOVE_SLOT;
  }

  @Override
  public Optional<Wire> wire(int process) {
    return Optional.of(wires.get(process - 1));
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
