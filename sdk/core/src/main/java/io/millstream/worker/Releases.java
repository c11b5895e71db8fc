package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.worker.Trouble.Duty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives entries back to the group, for any worker to claim. An entry whose release was sent is
 * never started; the release is asked again until it is answered.
 */
final class Releases {
  /** The idle time that makes an entry claimable at once. */
  static final Duration AT_ONCE = WorkerSettings.LONGEST_VISIBILITY;

  private final WorkerContext worker;
  private final Nudges nudges;
  private final Runnable freed;

  Releases(WorkerContext worker, Nudges nudges, Runnable freed) {
    this.worker = worker;
    this.nudges = nudges;
    this.freed = freed;
  }

  /** One entry and how it goes back. */
  private record Item(Held held, AtomicSteps.Release release) {}

  private final List<Item> gathered = new ArrayList<>();

  /** Gives one entry back with the given count and idle time. */
  void add(Held held, long newCount, Duration idle) {
    worker.inFlight().move(held, Phase.RELEASING);
    held.fields = null;
    gathered.add(new Item(held, new AtomicSteps.Release(held.id, held.count, newCount, idle)));
    if (gathered.size() == 1) {
      worker.loop().execute(this::flush);
    }
  }

  private void flush() {
    for (int from = 0; from < gathered.size(); from += AtomicSteps.MAX_IDS) {
      int to = Math.min(gathered.size(), from + AtomicSteps.MAX_IDS);
      send(List.copyOf(gathered.subList(from, to)));
    }
    gathered.clear();
  }

  private void send(List<Item> chunk) {
    worker
        .loop()
        .ask(
            worker
                .steps()
                .release(
                    worker.stream(),
                    worker.group(),
                    worker.consumer(),
                    chunk.stream().map(Item::release).toList()),
            answers -> {
              worker.attempts().succeeded(Duty.RELEASE);
              chunk.forEach(item -> worker.inFlight().remove(item.held()));
              if (chunk.stream().anyMatch(item -> item.release().idle().equals(AT_ONCE))) {
                nudges.send();
              }
              freed.run();
            },
            error -> worker.attempts().failed(Duty.RELEASE, error, () -> send(chunk)));
  }
}
