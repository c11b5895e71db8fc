package io.millstream.test.redis;

import java.util.Map;
import java.util.TreeMap;

/** What INFO counts. Confined to the event loop. */
final class Statistics {
  /** How often a command ran, failed, or was not even run. */
  static final class Calls {
    long calls;
    long failed;
    long rejected;
  }

  private final Map<String, Calls> commands = new TreeMap<>();
  private final Map<String, Long> errors = new TreeMap<>();
  private long processed;
  private long errorReplies;

  /** A command was run to its reply. */
  void ran(String command, Reply reply) {
    processed++;
    Calls calls = of(command);
    calls.calls++;
    if (reply instanceof Reply.Failure failure) {
      calls.failed++;
      failed(failure);
    }
  }

  /** A command was refused. */
  void rejected(String command, Reply.Failure failure) {
    of(command).rejected++;
    failed(failure);
  }

  /** An error reply, whatever it was for. */
  void failed(Reply.Failure failure) {
    errorReplies++;
    String text = failure.text();
    int space = text.indexOf(' ');
    errors.merge(space < 0 ? text : text.substring(0, space), 1L, Long::sum);
  }

  private Calls of(String command) {
    return commands.computeIfAbsent(command, name -> new Calls());
  }

  /** CONFIG RESETSTAT. */
  void reset() {
    commands.clear();
    errors.clear();
    processed = 0;
    errorReplies = 0;
  }

  Map<String, Calls> commands() {
    return commands;
  }

  Map<String, Long> errors() {
    return errors;
  }

  long processed() {
    return processed;
  }

  long errorReplies() {
    return errorReplies;
  }
}
