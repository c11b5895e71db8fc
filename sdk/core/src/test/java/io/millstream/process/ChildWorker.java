package io.millstream.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.entry.EntryId;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A {@link WorkerProcess} that this test started, and what it said so far. */
final class ChildWorker implements AutoCloseable {
  /** A start of the handler. */
  record Start(EntryId id, long delivery) {}

  private final Process process;
  private final Thread listener;
  private final List<Start> starts = Collections.synchronizedList(new ArrayList<>());
  private final List<EntryId> done = Collections.synchronizedList(new ArrayList<>());

  ChildWorker(String uri, String stream, int concurrency, int workMillis, int maxDeliveries) {
    try {
      process =
          new ProcessBuilder(
                  System.getProperty("java.home")
                      + File.separator
                      + "bin"
                      + File.separator
                      + "java",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  WorkerProcess.class.getName(),
                  uri,
                  stream,
                  Integer.toString(concurrency),
                  Integer.toString(workMillis),
                  Integer.toString(maxDeliveries))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    listener = new Thread(this::listen, "child-worker-output");
    listener.setDaemon(true);
    listener.start();
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("start") && words.length == 3) {
          starts.add(new Start(EntryId.parse(words[1]), Long.parseLong(words[2])));
        } else if (words[0].equals("done") && words.length == 2) {
          done.add(EntryId.parse(words[1]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Start> starts() {
    synchronized (starts) {
      return List.copyOf(starts);
    }
  }

  List<EntryId> done() {
    synchronized (done) {
      return List.copyOf(done);
    }
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
    process.destroyForcibly();
    exit();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
