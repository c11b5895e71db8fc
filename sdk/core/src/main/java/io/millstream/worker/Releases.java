package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AtomicSteps.Answer;
import io.millstream.engine.RedisException;
import io.millstream.worker.Trouble.Duty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gives entries back to the group, for any worker to claim. An entry whose release was sent is
 * never started; the release is asked again until it is answered.
 */
final class Releases {
  /** The idle time that makes an entry claimable at once. */
  static final Duration AT_ONCE = WorkerSettings.LONGEST_VISIBILITY;

  private final WorkerContext worker;
  private final Adoption adoption;
  private final Nudges nudges;
  private final Consumer<Held> goneWhileWaiting;
  private final Runnable freed;
  private final List<Item> gathered = new ArrayList<>();

  /**
   * Nothing is to be given back.
   *
   * @param goneWhileWaiting is told of what waited for its retry and was deleted meanwhile
   */
  Releases(
      WorkerContext worker,
      Adoption adoption,
      Nudges nudges,
      Consumer<Held> goneWhileWaiting,
      Runnable freed) {
    this.worker = worker;
    this.adoption = adoption;
    this.nudges = nudges;
    this.goneWhileWaiting = goneWhileWaiting;
    this.freed = freed;
  }

  /** One entry, how it goes back, and whether it waited for its retry. */
  private record Item(Held held, AtomicSteps.Release release, boolean waited) {}

  /** Gives one entry back with the given count and idle time. */
  void add(Held held, long newCount, Duration idle) {
    boolean waited = held.phase() == Phase.WAITING;
    worker.inFlight().move(held, Phase.RELEASING);
    held.fields = null;
    gathered.add(
        new Item(held, new AtomicSteps.Release(held.id, held.count, newCount, idle), waited));
    if (gathered.size() == 1) {
      worker.loop().execute(this::flush);
    }
  }

  private void flush() {
    for (int from = 0; from < gathered.size(); from += AtomicSteps.MAX_IDS) {
      int to = Math.min(gathered.size(), from + AtomicSteps.MAX_IDS);
      send(List.copyOf(gathered.subList(from, to)), false);
    }
    gathered.clear();
  }

  /**
   * Asks, until it is answered.
   *
   * @param perhapsDone whether an earlier try may have taken effect, its reply lost: then "not
   *     ours" may be our own doing
   */
  private void send(List<Item> items, boolean perhapsDone) {
    // what came back by a take-over was released
    List<Item> chunk = items.stream().filter(item -> worker.inFlight().holds(item.held())).toList();
    if (chunk.isEmpty()) {
      worker.attempts().nothingToDo(Duty.RELEASE);
      return;
    }
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
            answers -> answered(chunk, answers, perhapsDone),
            error -> failed(chunk, error, perhapsDone));
  }

  private void answered(List<Item> chunk, List<Answer> answers, boolean perhapsDone) {
    worker.attempts().succeeded(Duty.RELEASE);
    boolean toTakeUp = false;
    for (int i = 0; i < chunk.size(); i++) {
      Item item = chunk.get(i);
      switch (answers.get(i)) {
        case DONE -> {
          toTakeUp |= item.release().idle().equals(AT_ONCE);
          worker.inFlight().remove(item.held());
        }
        case NOT_OURS -> {
          if (!perhapsDone && worker.leased(item.held())) {
            adoption.adopt(List.of(item.held()), back -> send(List.of(item), true), this::letGo);
          } else {
            worker.inFlight().remove(item.held());
          }
        }
        case GONE -> {
          if (item.waited() && !perhapsDone) {
            goneWhileWaiting.accept(item.held());
          } else {
            worker.inFlight().remove(item.held());
          }
        }
      }
    }
    if (toTakeUp) {
      nudges.send();
    }
    freed.run();
  }

  private void letGo(Held held) {
    worker.inFlight().remove(held);
    freed.run();
  }

  private void failed(List<Item> chunk, RedisException error, boolean perhapsDone) {
    if (worker.attempts().nothingLeft(error)) {
      chunk.forEach(item -> worker.inFlight().remove(item.held()));
      freed.run();
    } else {
      worker
          .attempts()
          .failed(Duty.RELEASE, error, () -> send(chunk, perhapsDone || error.outcomeUnknown()));
    }
  }
}
