package io.millstream.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.entry.EntryId;
import io.millstream.process.WorkerProcess.Option;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A {@link WorkerProcess} that this test started, and what it said so far. */
final class ChildWorker implements AutoCloseable {
  /** A start of the handler. */
  record Start(EntryId id, long delivery) {}

  private final Process process;
  private final Thread listener;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  ChildWorker(String uri, String stream, int concurrency, int workMillis, int maxDeliveries) {
    this(uri, stream, concurrency, maxDeliveries, Map.of(Option.WORK, workMillis));
  }

  ChildWorker(
      String uri, String stream, int concurrency, int maxDeliveries, Map<Option, Integer> options) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.add("-XX:TieredStopAtLevel=1");
    options.forEach((option, millis) -> command.add("-D" + option + "=" + millis));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(WorkerProcess.class.getName(), uri, stream));
    command.addAll(List.of(Integer.toString(concurrency), Integer.toString(maxDeliveries)));
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listener = new Thread(this::listen, "child-worker-output");
    listener.setDaemon(true);
    listener.start();
  }

  private void listen() {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it said, and logged, that has this in it. */
  List<String> lines(String part) {
    return lines.stream().filter(line -> line.contains(part)).toList();
  }

  private List<String[]> said(String word, int words) {
    return lines.stream()
        .map(line -> line.split(" ", -1))
        .filter(line -> line[0].equals(word) && line.length == words)
        .toList();
  }

  private List<EntryId> ids(String word) {
    return said(word, 2).stream().map(line -> EntryId.parse(line[1])).toList();
  }

  List<Start> starts() {
    return said("start", 3).stream()
        .map(line -> new Start(EntryId.parse(line[1]), Long.parseLong(line[2])))
        .toList();
  }

  List<EntryId> done() {
    return ids("done");
  }

  List<EntryId> cancelled() {
    return ids("cancelled");
  }

  /** How many leases it has counted as lost. */
  int leasesLost() {
    return said("lease-lost", 1).size();
  }

  /** Its name in the group; it must have said it. */
  String consumer() {
    return said("consumer", 2).get(0)[1];
  }

  boolean alive() {
    return process.isAlive();
  }

  /** The exit status, when the process has ended and all that it said was heard. */
  int exit() throws InterruptedException {
    int status = process.waitFor();
    listener.join();
    return status;
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    signal("KILL");
    exit();
  }

  /** SIGTERM. */
  void terminate() {
    signal("TERM");
  }

  /** SIGSTOP. */
  void freeze() {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() {
    signal("CONT");
  }

  /** Not by {@code destroy()}: that closes the output, and with it what was said last. */
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

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
