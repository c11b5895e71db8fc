package io.millstream.examples.fuzz;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One of the two servers: a connection for commands and some for reads that block. */
final class Side implements AutoCloseable {
  /** How many connections there are for blocking reads. */
  static final int READERS = 3;

  private static final int EYE = READERS + 1; // looks on; the others may be in a transaction
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final int PATIENCE_MILLIS = 2_000;

  private final int port;
  private final int protocol;
  private final List<Wire> wires = new ArrayList<>();
  private final boolean[] busy = new boolean[READERS + 1];
  private Ids ids = new Ids();

  Side(int port, int protocol) throws IOException {
    this.port = port;
    this.protocol = protocol;
    for (int i = 0; i <= EYE; i++) {
      wires.add(new Wire(port, protocol));
    }
    reset();
  }

  private Wire eye() {
    return wires.get(EYE);
  }

  /** Loads the scripts. */
  void load(List<String> bodies) throws IOException {
    for (String body : bodies) {
      Value digest = eye().call(List.of("SCRIPT", "LOAD", body));
      if (digest.isError()) {
        throw new IllegalStateException("SCRIPT LOAD: " + digest.print());
      }
    }
  }

  /** Back to the beginning: nobody waits, and no key is there. */
  void reset() throws IOException {
    wires.get(0).call(List.of("DISCARD"));
    for (int i = 1; i <= READERS; i++) {
      if (busy[i]) {
        release(i);
      }
    }
    eye().call(List.of("FLUSHALL"));
    ids = new Ids(wires.stream().mapToLong(Wire::id).toArray());
  }

  /** Ends a read that blocks; a server that has lost sight of it loses the connection. */
  private void release(int reader) throws IOException {
    Wire wire = wires.get(reader);
    eye().call(List.of("CLIENT", "UNBLOCK", Long.toString(wire.id())));
    if (getsReply(reader, PATIENCE_MILLIS)) {
      wire.read();
    } else {
      wire.close();
      wires.set(reader, new Wire(port, protocol));
    }
    busy[reader] = false;
  }

  void send(Step step) {
    wires.get(step.connection()).write(ids.resolve(step.words()));
  }

  void flush(int connection) throws IOException {
    wires.get(connection).flush();
  }

  Value receive(int connection) throws IOException {
    busy[connection] = false;
    return ids.normal(wires.get(connection).read());
  }

  boolean isBusy(int connection) {
    return busy[connection];
  }

  /** Waits until a read that was sent has its reply or is blocked. */
  void settle(int reader) throws IOException {
    busy[reader] = true;
    Wire wire = wires.get(reader);
    List<String> look = List.of("CLIENT", "LIST", "ID", Long.toString(wire.id()));
    while (!wire.hasReply() && !isBlocked(eye().call(look))) {
      Thread.onSpinWait();
    }
  }

  private static boolean isBlocked(Value clients) {
    return clients instanceof Value.Bulk list && list.text().contains(" flags=b");
  }

  /** Two round trips, after which what a command set off has been answered too. */
  void calm() throws IOException {
    eye().call(List.of("PING"));
    eye().call(List.of("PING"));
  }

  boolean hasReply(int reader) throws IOException {
    return wires.get(reader).hasReply();
  }

  /** Whether a reply comes within so many milliseconds. */
  boolean getsReply(int reader, int millis) throws IOException {
    long end = System.nanoTime() + (long) millis * NANOS_PER_MILLI;
    while (!hasReply(reader)) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    for (Wire wire : wires) {
      wire.close();
    }
  }
}
