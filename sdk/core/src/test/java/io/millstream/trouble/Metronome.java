package io.millstream.trouble;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells for how long this machine let nobody run: it wants to beat every 10 ms, and adds up by how
 * much it could not. Who measures a time on a busy machine subtracts that, and keeps the bound.
 */
final class Metronome implements AutoCloseable {
  private static final long BEAT = TimeUnit.MILLISECONDS.toNanos(10);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread beating = new Thread(task, "metronome");
            beating.setDaemon(true);
            return beating;
          });
  private long last = System.nanoTime(); // confined to the thread
  private volatile long late;

  Metronome() {
    var unused = thread.scheduleWithFixedDelay(this::beat, BEAT, BEAT, TimeUnit.NANOSECONDS);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  private void beat() {
    long now = System.nanoTime();
    late += Math.max(0, now - last - 2 * BEAT);
    last = now;
  }

  /** For how long it could not beat so far. */
  Duration stalled() {
    return Duration.ofNanos(late);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
