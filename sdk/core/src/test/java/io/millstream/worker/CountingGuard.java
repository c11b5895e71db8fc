package io.millstream.worker;

import io.millstream.guard.Guard;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the leave that is out, and lets wait as it is told. */
class CountingGuard implements Guard {
  final AtomicInteger out = new AtomicInteger();

  /** How long who asks has to wait. */
  Duration wait = Duration.ZERO;

  @Override
  public Duration tryAcquire(long nowNanos) {
    if (wait.isZero()) {
      out.incrementAndGet();
    }
    return wait;
  }

  @Override
  public void giveBack() {
    out.decrementAndGet();
  }

  @Override
  public void succeeded(Duration time) {
    out.decrementAndGet();
  }

  @Override
  public void failed(Duration time, Throwable failure) {
    out.decrementAndGet();
  }
}
