package io.millstream.worker;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A handler call under way, and what it was called with. Confined to the loop, but for {@link
 * #accept}.
 */
final class Run implements Consumer<List<Settlement>>, Runnable {
  private final Runs runs;
  private final Loop loop;
  private final List<Held> batch;
  private final long startedNanos;
  private @Nullable Invocation invocation;
  private List<Settlement> settlements = List.of(); // handed over with the task for the loop
  private boolean ended;
  private boolean timedOut;

  Run(Runs runs, Loop loop, List<Held> batch, long startedNanos) {
    this.runs = runs;
    this.loop = loop;
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

  /** The handler has really ended. From any thread, once. */
  @Override
  public void accept(List<Settlement> all) {
    settlements = all;
    loop.execute(this); // itself the task, for there is one for each message
  }

  /** On the loop, when the handler has ended. */
  @Override
  public void run() {
    ended = true;
    runs.ended(this, settlements);
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
