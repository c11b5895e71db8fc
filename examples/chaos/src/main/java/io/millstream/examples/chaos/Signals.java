package io.millstream.examples.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes of ours. */
final class Signals {
  private Signals() {}

  /** Stops its time: connections stay open, nothing is done. */
  static void freeze(Process process) {
    send("STOP", process);
  }

  /** Lets it go on. */
  static void thaw(Process process) {
    send("CONT", process);
  }

  /** SIGTERM. (Destroying a process closes its standard input too, which means something here.) */
  static void terminate(Process process) {
    send("TERM", process);
  }

  /** SIGKILL; waits until it is gone. */
  static void kill(Process process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  private static void send(String name, Process process) {
    if (!process.isAlive()) {
      return;
    }
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
              .redirectErrorStream(true)
              .start();
      if (kill.waitFor() != 0 && process.isAlive()) {
        throw new IllegalStateException("SIG" + name + " was refused");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
