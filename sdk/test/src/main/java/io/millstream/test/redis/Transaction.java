package io.millstream.test.redis;

import java.util.ArrayList;
import java.util.List;

/** What a client has queued since MULTI. */
final class Transaction {
  /** A command and what it is to be run with. */
  record Queued(Command command, Request request) {}

  private final List<Queued> queue = new ArrayList<>();
  private boolean spoilt;

  void add(Command command, Request request) {
    queue.add(new Queued(command, request));
  }

  List<Queued> queue() {
    return queue;
  }

  /** A command could not be queued: EXEC will not run the others. */
  void spoil() {
    spoilt = true;
  }

  boolean isSpoilt() {
    return spoilt;
  }
}
