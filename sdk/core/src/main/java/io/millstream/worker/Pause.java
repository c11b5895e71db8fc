package io.millstream.worker;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pauses and resumes, by hand or by a guard. A paused worker reads nothing, claims nothing, counts
 * no delivery and holds only what runs. Confined to the loop.
 */
final class Pause {
  /** Who has paused it; it is resumed when nobody has any more. */
  enum By {
    HAND,
    GUARD
  }

  private final Lifecycle lifecycle;
  private final Dispatcher dispatcher;
  private final Silence silence;
  private final GiveBack giveBack;
  private final Map<By, String> reasons = new EnumMap<>(By.class);
  private final List<Runnable> whenPaused = new ArrayList<>();
  private boolean open;
  private boolean silent;

  Pause(Lifecycle lifecycle, Dispatcher dispatcher, Silence silence, GiveBack giveBack) {
    this.lifecycle = lifecycle;
    this.dispatcher = dispatcher;
    this.silence = silence;
    this.giveBack = giveBack;
  }

  /** Whether it is paused, or about to be. */
  boolean on() {
    return !reasons.isEmpty();
  }

  /**
   * Pauses.
   *
   * @param why in a few words
   * @param paused is told when nothing is held but what runs, or when it was resumed before
   */
  void begin(By by, String why, Runnable paused) {
    boolean first = reasons.isEmpty();
    reasons.put(by, why);
    tell();
    if (!open) {
      paused.run(); // nothing is held yet
      return;
    }
    whenPaused.add(paused);
    if (first) {
      close();
    } else {
      proceed();
    }
  }

  /** The worker has begun; if it was paused before, this is when that takes effect. */
  void open() {
    open = true;
    if (on()) {
      close();
    }
  }

  private void close() {
    dispatcher.close();
    silence.begin(
        () -> {
          silent = true;
          proceed();
        });
  }

  /** Resumes, unless another one has paused it too. */
  void end(By by) {
    if (reasons.remove(by) == null) {
      return;
    }
    tell();
    if (open && reasons.isEmpty()) {
      silent = false;
      told();
      silence.lift();
      dispatcher.open();
    }
  }

  /** Something has ended or was found: perhaps it is to be given back. */
  void proceed() {
    if (!silent || reasons.isEmpty()) {
      return;
    }
    giveBack.all();
    if (giveBack.done()) {
      told();
    }
  }

  private void tell() {
    lifecycle.paused(
        reasons.isEmpty()
            ? Optional.empty()
            : Optional.of("paused: " + String.join(", ", reasons.values())));
  }

  private void told() {
    List<Runnable> waiting = List.copyOf(whenPaused);
    whenPaused.clear();
    waiting.forEach(Runnable::run);
  }
}
