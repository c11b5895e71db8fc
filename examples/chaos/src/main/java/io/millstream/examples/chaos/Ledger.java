package io.millstream.examples.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millstream.examples.chaos.Line.Event;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Where a process writes down what it does, outside of the stream. Each line is one write to the
 * system, without a buffer here: when {@link #write} has returned, the line outlives the process
 * (not the machine, which nobody kills). A line that the process was killed in has no end, and
 * nothing was done after it.
 */
final class Ledger implements AutoCloseable {
  private final String process;
  private final FileOutputStream file; // a channel would be closed by an interrupt of a handler
  private final LongSupplier clock;
  private long number; // guarded by this

  Ledger(String process, Path path, LongSupplier clock) throws IOException {
    this.process = process;
    this.clock = clock;
    this.file = new FileOutputStream(path.toFile(), true);
  }

  /** Writes a line down; it stands when this returns. From any thread. */
  synchronized void write(Event event, Object... words) {
    List<String> texts = List.of(words).stream().map(String::valueOf).toList();
    Line line = new Line(process, ++number, clock.getAsLong(), event, texts);
    try {
      file.write((line.text() + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("the ledger of " + process + " cannot be written", e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
