package io.millstream.examples.chaos;

/** The numbers and names of the processes: workers from 1 on, then publishers. */
final class Processes {
  static final int ALL = Rules.WORKERS + Rules.PUBLISHERS;

  private Processes() {}

  static boolean isWorker(int process) {
    return process <= Rules.WORKERS;
  }

  static String name(int process) {
    return isWorker(process) ? "worker-" + process : "publisher-" + (process - Rules.WORKERS);
  }
}
