package io.millstream.examples.fuzz;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sends a sequence to both sides and compares what they answer. */
final class Duel implements AutoCloseable {
  /** Where two replies differ. */
  record Mismatch(int step, List<String> words, String ours, String theirs) {}

  private static final Value QUEUED = new Value.Line("+QUEUED");
  private static final int MOST_AT_ONCE = 40;
  private static final int LATE_MILLIS = 300;

  private final Side ours;
  private final Side theirs;
  private final Differences differences;
  private final Step[] waiting = new Step[Side.READERS + 1]; // what blocked readers have sent
  private final List<Step> queued = new ArrayList<>(); // by MULTI
  private long compared;
  private boolean over;

  Duel(Side ours, Side theirs, Differences differences) {
    this.ours = ours;
    this.theirs = theirs;
    this.differences = differences;
  }

  /** How many replies were compared so far. */
  long compared() {
    return compared;
  }

  /** Runs a sequence on empty servers, and empties them again. */
  Optional<Mismatch> run(List<Step> steps) throws IOException {
    queued.clear();
    over = false;
    Optional<Mismatch> found = fight(steps);
    // at once: the next sequence may be another duel's, and whoever waits would take its entries
    ours.reset();
    theirs.reset();
    return found;
  }

  private Optional<Mismatch> fight(List<Step> steps) throws IOException {
    for (int next = 0; next < steps.size() && !over; ) {
      int end = batch(steps, next);
      Optional<Mismatch> found =
          end > next ? together(steps, next, end) : alone(steps.get(next), next);
      if (found.isPresent()) {
        return found;
      }
      next = Math.max(end, next + 1);
    }
    return Optional.empty();
  }

  /** The end of the commands that need not be sent one by one. */
  private int batch(List<Step> steps, int from) {
    int end = from;
    if (!anyoneWaits()) {
      while (end < steps.size()
          && end - from < MOST_AT_ONCE
          && steps.get(end).connection() == 0
          && !usesClockIds(steps.get(end), end - from)) {
        end++;
      }
    }
    return end;
  }

  /** What the clock gave within the batch is not known when it is sent. */
  private static boolean usesClockIds(Step step, int ahead) {
    return ahead > 0 && step.words().stream().anyMatch(word -> word.contains("{id:"));
  }

  private boolean anyoneWaits() {
    for (int i = 1; i <= Side.READERS; i++) {
      if (theirs.isBusy(i) || ours.isBusy(i)) {
        return true;
      }
    }
    return false;
  }

  private Optional<Mismatch> together(List<Step> steps, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      theirs.send(steps.get(i));
      ours.send(steps.get(i));
    }
    theirs.flush(0);
    ours.flush(0);
    Optional<Mismatch> first = Optional.empty();
    for (int i = from; i < to; i++) {
      Value expected = theirs.receive(0);
      Value actual = ours.receive(0);
      if (first.isEmpty() && !over) {
        first = compare(steps.get(i), i, actual, expected);
      }
    }
    return first;
  }

  private Optional<Mismatch> alone(Step step, int number) throws IOException {
    int connection = step.connection();
    if (connection > 0 && theirs.isBusy(connection)) {
      return Optional.empty(); // that reader still waits
    }
    theirs.send(step);
    ours.send(step);
    theirs.flush(connection);
    ours.flush(connection);
    if (connection == 0 || step.waits()) {
      Value expected = theirs.receive(connection);
      Optional<Mismatch> found = compare(step, number, ours.receive(connection), expected);
      if (found.isPresent()) {
        return found;
      }
    } else {
      waiting[connection] = step;
      theirs.settle(connection);
      ours.settle(connection);
    }
    return woken(number);
  }

  /** What blocked readers have been answered meanwhile. */
  private Optional<Mismatch> woken(int number) throws IOException {
    theirs.calm();
    ours.calm();
    for (int i = 1; i <= Side.READERS && !over; i++) {
      if (theirs.isBusy(i)) {
        boolean here = ours.hasReply(i);
        boolean there = theirs.hasReply(i);
        if (here != there) { // one of them may only be late
          here = here || ours.getsReply(i, LATE_MILLIS);
          there = there || theirs.getsReply(i, LATE_MILLIS);
        }
        Value silent = new Value.Line("(still blocked)");
        Value expected = there ? theirs.receive(i) : silent;
        Value actual = here ? ours.receive(i) : silent;
        Optional<Mismatch> found = compare(waiting[i], number, actual, expected);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Mismatch> compare(Step step, int number, Value actual, Value expected) {
    compared++;
    if (step.connection() == 0 && !step.is("EXEC")) {
      note(step, expected);
    }
    if (step.is("EXEC")
        && actual instanceof Value.Many here
        && expected instanceof Value.Many there
        && here.elements().size() == there.elements().size()
        && here.elements().size() == queued.size()) {
      return compareEach(number, here.elements(), there.elements());
    }
    return judge(step, number, actual, expected);
  }

  private void note(Step step, Value reply) {
    if (reply.equals(QUEUED)) {
      queued.add(step);
    } else if (step.is("MULTI") && !reply.isError()) {
      queued.clear();
    }
  }

  private Optional<Mismatch> compareEach(int number, List<Value> actual, List<Value> expected) {
    for (int i = 0; i < actual.size() && !over; i++) {
      Optional<Mismatch> found = judge(queued.get(i), number, actual.get(i), expected.get(i));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Mismatch> judge(Step step, int number, Value actual, Value expected) {
    String here = actual.print();
    String there = expected.print();
    if (here.equals(there)) {
      return Optional.empty();
    }
    Differences.Verdict verdict = differences.judge(step, actual, expected);
    if (verdict == Differences.Verdict.UNKNOWN) {
      return Optional.of(new Mismatch(number, step.words(), here, there));
    }
    over = verdict == Differences.Verdict.FROM_HERE_ON;
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    ours.close();
    theirs.close();
  }
}
