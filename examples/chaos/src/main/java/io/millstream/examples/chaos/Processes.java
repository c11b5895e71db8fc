package io.millstream.examples.chaos;

/** The numbers and names of the processes: workers from 1 on, then publishers. */
final class Processes {
  /** How a worker handles messages; there is one of each kind. */
  enum Handling {
    REACTIVE,
    BLOCKING,
    BATCH,
    /** Reads only what a handler is free for. */
    UNBUFFERED,
    /** Blocking, under a fixed name that comes back after a kill. */
    NAMED;

    /** How many messages at once. */
    int most() {
      return this == BATCH ? Rules.BATCHES * Rules.BATCH : Rules.HANDLERS;
    }
  }

  static final int WORKERS = Handling.values().length;
  static final int PUBLISHERS = 2;
  static final int ALL = WORKERS + PUBLISHERS;

  private Processes() {}

  static boolean isWorker(int process) {
    return process <= WORKERS;
  }

  static Handling handling(int worker) {
    return Handling.values()[worker - 1];
  }

  static String name(int process) {
    return isWorker(process) ? "worker-" + process : "publisher-" + (process - WORKERS);
  }

  /** The name of one incarnation. */
  static String name(int process, int incarnation) {
    return name(process) + "." + incarnation;
  }

  /** The worker that an incarnation with this name belongs to; 0 if it is none. */
  static int worker(String name) {
    for (int process = 1; process <= WORKERS; process++) {
      if (name.startsWith(name(process) + ".")) {
        return process;
      }
    }
    return 0;
  }
}
