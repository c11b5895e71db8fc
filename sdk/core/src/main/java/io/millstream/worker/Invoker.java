package io.millstream.worker;

import java.util.List;
import java.util.function.Consumer;

/** Calls handlers, on the threads that are for them. Confined to the loop. */
interface Invoker {
  /**
   * Decodes a batch and calls the handler, at the latest after {@link #handOver}.
   *
   * @param ended is told once, from any thread, when the handler has really ended, cancelled or
   *     not, with one settlement for each delivery
   */
  Invocation invoke(List<Delivery> batch, Consumer<List<Settlement>> ended);

  /** Starts what was kept until it is known what else starts in the same turn. */
  void handOver();
}
