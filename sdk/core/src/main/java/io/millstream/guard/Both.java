package io.millstream.guard;

import java.time.Duration;
import java.util.Optional;

/** Two guards, one behind the other. */
record Both(Guard first, Guard second) implements Guard {
  @Override
  public Duration tryAcquire(long nowNanos) {
    Duration wait = first.tryAcquire(nowNanos);
    if (!wait.isZero()) {
      return wait;
    }
    Duration behind = second.tryAcquire(nowNanos);
    if (!behind.isZero()) {
      first.giveBack();
    }
    return behind;
  }

  @Override
  public void giveBack() {
    first.giveBack();
    second.giveBack();
  }

  @Override
  public void succeeded(Duration time) {
    first.succeeded(time);
    second.succeeded(time);
  }

  @Override
  public void failed(Duration time, Throwable failure) {
    first.failed(time, failure);
    second.failed(time, failure);
  }

  @Override
  public Optional<String> refusal() {
    return first.refusal().or(second::refusal);
  }
}
