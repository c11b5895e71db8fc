package io.millstream.examples.fuzz;

import io.millstream.examples.fuzz.Duel.Mismatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a sequence that ends in a difference as short as it can. */
final class Shrinker {
  private static final int WORDS_KEPT = 2;

  private final Duel duel;
  private List<Step> best;
  private Mismatch mismatch;

  Shrinker(Duel duel, List<Step> steps, Mismatch mismatch) {
    this.duel = duel;
    this.best = List.copyOf(steps.subList(0, mismatch.step() + 1));
    this.mismatch = mismatch;
  }

  /** What is left when nothing more can go. */
  List<Step> shrink() throws IOException {
    int before;
    do {
      before = size();
      for (int chunk = Math.max(1, best.size() / 2); chunk >= 1; chunk /= 2) {
        dropSteps(chunk);
      }
      dropWords();
    } while (size() < before);
    return best;
  }

  /** How the sequence that is left differs. */
  Mismatch mismatch() {
    return mismatch;
  }

  private int size() {
    return best.stream().mapToInt(step -> step.words().size()).sum();
  }

  private void dropSteps(int chunk) throws IOException {
    for (int from = best.size() - chunk; from >= 0; from -= chunk) {
      from = Math.min(from, best.size() - chunk);
      if (from < 0) {
        return;
      }
      List<Step> fewer = new ArrayList<>(best);
      fewer.subList(from, from + chunk).clear();
      adopt(fewer);
    }
  }

  /** Words go one or two at a time: an option, or an option and its value. */
  private void dropWords() throws IOException {
    for (int i = 0; i < best.size(); i++) {
      if (best.get(i).is("EVALSHA")) {
        continue; // a script wants all its arguments
      }
      for (int count = 2; count >= 1; count--) {
        for (int from = best.get(i).words().size() - count; from >= WORDS_KEPT; from--) {
          if (i < best.size() && from + count <= best.get(i).words().size()) {
            dropWords(i, from, count);
          }
        }
      }
    }
  }

  private void dropWords(int i, int from, int count) throws IOException {
    Step step = best.get(i);
    List<String> words = new ArrayList<>(step.words());
    words.subList(from, from + count).clear();
    List<Step> fewer = new ArrayList<>(best);
    fewer.set(i, new Step(step.connection(), List.copyOf(words), step.waits()));
    adopt(fewer);
  }

  private void adopt(List<Step> fewer) throws IOException {
    if (blocksForEver(fewer)) {
      return;
    }
    Optional<Mismatch> still = duel.run(fewer);
    if (still.isPresent() && still.get().words().get(0).equals(mismatch.words().get(0))) {
      mismatch = still.get();
      best = List.copyOf(fewer.subList(0, mismatch.step() + 1));
    }
  }

  /** Outside of a transaction a read that blocks has nobody to wake it. */
  private static boolean blocksForEver(List<Step> steps) {
    boolean transaction = false;
    for (Step step : steps) {
      transaction = step.is("MULTI") || (transaction && !step.is("EXEC") && !step.is("DISCARD"));
      if (step.connection() == 0 && !transaction && step.words().contains("BLOCK")) {
        return true;
      }
    }
    return false;
  }
}
