package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Line.Event;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A JVM that the driver started: one incarnation of a process. */
final class Child {
  /** What the driver has in mind with it. */
  enum Fate {
    LIVE,
    STOP,
    DIE
  }

  private final int number;
  private final String name;
  private final Path folder;
  private final Process process;
  private volatile Fate fate = Fate.LIVE;
  private volatile long askedMillis;

  private Child(int number, String name, Path folder, Process process) {
    this.number = number;
    this.name = name;
    this.folder = folder;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param number the process's
   * @param incarnation how many times it has been started, this one included
   */
  static Child start(int number, int incarnation, String uri, Options options, Path folder)
      throws IOException {
    String name = Processes.name(number, incarnation);
    boolean worker = Processes.isWorker(number);
    int place = worker ? number : number - Processes.WORKERS;
    List<String> command = new ArrayList<>();
    command.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
    // many at once, and short-lived
    command.addAll(
        List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add((worker ? WorkerProcess.class : PublisherProcess.class).getName());
    command.addAll(
        List.of(
            uri,
            Integer.toString(place),
            name,
            folder.toString(),
            Long.toString(options.seed()),
            Boolean.toString(Topology.hasReplicas(options.topology()))));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    return new Child(number, name, folder, process);
  }

  int number() {
    return number;
  }

  String name() {
    return name;
  }

  Process process() {
    return process;
  }

  Fate fate() {
    return fate;
  }

  /** When it was asked to stop. */
  long askedMillis() {
    return askedMillis;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Its name in the group, once it has one. */
  Optional<String> consumer() {
    return ledger().stream()
        .filter(line -> line.event() == Event.OPEN)
        .map(line -> line.word(0))
        .findFirst();
  }

  /** Whether it does its work: it has reached Redis. */
  boolean works() {
    return worksSince().isPresent();
  }

  /** Since when it does its work. */
  OptionalLong worksSince() {
    return ledger().stream()
        .filter(line -> line.event() == Event.RUNNING || line.event() == Event.PUBLISHED)
        .mapToLong(Line::millis)
        .findFirst();
  }

  private List<Line> ledger() {
    Path ledger = LedgerReader.path(folder, name);
    try {
      return Files.exists(ledger) ? LedgerReader.parse(name, Files.readString(ledger)) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL. */
  void kill() {
    fate = Fate.DIE;
    process.destroyForcibly();
  }

  /** SIGTERM. */
  void stop(long now) {
    if (fate == Fate.LIVE) {
      fate = Fate.STOP;
      askedMillis = now;
      Signals.terminate(process);
    }
  }
}
