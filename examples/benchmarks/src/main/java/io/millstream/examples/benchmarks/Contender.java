package io.millstream.examples.benchmarks;

import java.util.List;
import java.util.function.LongConsumer;

/** One way of consuming a group of a stream. */
interface Contender {
  /** The limit that all are compared with comes first. */
  List<Contender> ALL =
      List.of(
          new RawLettuce(),
          new MillstreamWorker(false),
          new MillstreamWorker(true),
          new SpringContainer(),
          new SpringReceiver());

  /** The contender of this name. */
  static Contender named(String name) {
    return ALL.stream()
        .filter(contender -> contender.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "contenders: '"
                        + name
                        + "', allowed: "
                        + ALL.stream().map(Contender::name).toList()));
  }

  /** What it is called in tables and on the command line. */
  String name();

  /**
   * Begins to handle the group's messages and to acknowledge each that was handled. Does not wait.
   *
   * @param handler is told the number of each message, on any thread
   * @return ends it
   */
  AutoCloseable start(Job job, LongConsumer handler);
}
