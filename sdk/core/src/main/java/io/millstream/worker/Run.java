package io.millstream.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A handler call under way, and what it was called with. Confined to the loop. */
final class Run {
  private final List<Held> batch;
  private final long startedNanos;
  private @Nullable Invocation invocation;
  private boolean ended;
  private boolean timedOut;

  Run(List<Held> batch, long startedNanos) {
    this.batch = batch;
    this.startedNanos = startedNanos;
  }

  List<Held> batch() {
    return batch;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** The call was made. */
  void called(Invocation made) {
    invocation = made;
  }

  /** The handler has really ended. */
  void end() {
    ended = true;
  }

  boolean ended() {
    return ended;
  }

  /** Its time is up: its entries are renewed no more, and it is cancelled. */
  void timeOut() {
    timedOut = true;
    batch.forEach(held -> held.abandoned = true);
    abort();
  }

  boolean timedOut() {
    return timedOut;
  }

  /** Asks the handler to end. */
  void abort() {
    if (!ended && invocation != null) {
      invocation.abort();
    }
  }

  /** One of its entries was lost: the handler is cancelled once nothing it works on is ours. */
  void lost() {
    if (batch.stream().allMatch(held -> held.lost)) {
      abort();
    }
  }
}
