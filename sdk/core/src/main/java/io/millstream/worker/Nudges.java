package io.millstream.worker;

import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Workers that tell each other when they have released something, if they are told to. Nothing
 * depends on it: what is not heard is found in the next round.
 */
final class Nudges {
  private final WorkerContext worker;
  private final boolean on;
  private final Disposable.Swap listening = Disposables.swap();

  Nudges(WorkerContext worker) {
    this.worker = worker;
    this.on = worker.settings().membership().nudge();
  }

  /** Hears of what others have released. */
  void listen(Runnable nudged) {
    if (on) {
      listening.update(
          worker
              .engine()
              .signals()
              .listen(worker.address().nudges())
              .subscribe(signal -> worker.loop().execute(nudged)));
    }
  }

  /** Something was released, to be taken up at once. */
  void send() {
    if (on) {
      worker
          .loop()
          .ask(
              worker.engine().signals().publish(worker.address().nudges()),
              heard -> {},
              error -> {}); // the next round finds it
    }
  }

  void stop() {
    listening.dispose();
  }
}
