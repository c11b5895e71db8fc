package io.millstream.worker;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets nothing new come in: no more reads and claims, those that are under way have answered, and
 * the own pending entries were looked through once more, for what a reply that got lost may have
 * brought. Confined to the loop.
 */
final class Silence {
  private enum Step {
    NONE,
    FALLING,
    SILENT
  }

  private final ReadLoop reads;
  private final Reaper reaper;
  private final OwnPending own;
  private final List<Runnable> whenSilent = new ArrayList<>();
  private Step step = Step.NONE;
  private int answered;
  private int fall;

  Silence(ReadLoop reads, Reaper reaper, OwnPending own) {
    this.reads = reads;
    this.reaper = reaper;
    this.own = own;
  }

  /** Begins, and tells when it is silent; not at all if it is lifted before. */
  void begin(Runnable silent) {
    if (step == Step.SILENT) {
      silent.run();
      return;
    }
    whenSilent.add(silent);
    if (step == Step.FALLING) {
      return;
    }
    step = Step.FALLING;
    answered = 0;
    int number = ++fall;
    reads.stop(() -> answered(number));
    reaper.stop(() -> answered(number));
  }

  private void answered(int number) {
    if (number == fall && step == Step.FALLING && ++answered == 2) {
      own.lookOnceMore(() -> looked(number));
    }
  }

  private void looked(int number) {
    if (number == fall && step == Step.FALLING) {
      step = Step.SILENT;
      List<Runnable> told = List.copyOf(whenSilent);
      whenSilent.clear();
      told.forEach(Runnable::run);
    }
  }

  /** Ends: reads and claims again. */
  void lift() {
    step = Step.NONE;
    whenSilent.clear();
    reaper.resume();
    reads.resume();
  }
}
