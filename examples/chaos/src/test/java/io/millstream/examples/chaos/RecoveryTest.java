package io.millstream.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.examples.chaos.Diary.Cause;
import io.millstream.examples.chaos.Job.Kind;
import io.millstream.examples.chaos.Line.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Job> jobs = new HashMap<>();
  private final AtomicLong now = new AtomicLong();
  private final Diary diary = new Diary(now::get);

  private void write(String process, long millis, Event event) {
    lines.add(new Line(process, 1, millis, event, List.of()));
  }

  private void start(String process, long millis, String id) {
    lines.add(new Line(process, 1, millis, Event.START, List.of(id, "1", "1-1")));
  }

  private void added(String id) {
    jobs.put(id, new Job(1, 1, Kind.PLAIN, 0));
  }

  /** There is always something to handle. */
  private void plenty() {
    added("0-1");
  }

  private void incident(Cause cause, String subject, long from, long to) {
    now.set(from);
    int number = diary.begins(cause, subject, cause.words);
    now.set(to);
    diary.isOver(number);
  }

  private Optional<Recovery> longest() {
    return Recovery.longest(new History(lines, diary, jobs, List.of(), List.of(), List.of()));
  }

  @Test
  void isTheLongestTimeFromTheEndOfAFaultToTheNextHandledMessage() {
    plenty();
    write("worker-1.1", 0, Event.RUNNING);
    incident(Cause.RESTART, Diary.ALL, 1_000, 1_500);
    write("worker-1.1", 2_000, Event.EFFECT);
    incident(Cause.CONNECTION, "worker-1", 3_000, 3_500);
    write("worker-1.1", 3_700, Event.EFFECT);

    assertThat(longest()).contains(new Recovery(500, Cause.RESTART.words));
  }

  @Test
  void aStretchThatTheNextOutageEndsCountsAsLongAsItWas() {
    plenty();
    write("worker-1.1", 0, Event.RUNNING);
    incident(Cause.RESTART, Diary.ALL, 1_000, 1_500);
    incident(Cause.STANDSTILL, Diary.ALL, 2_000, 3_500);
    write("worker-1.1", 3_800, Event.EFFECT);

    assertThat(longest()).contains(new Recovery(500, Cause.RESTART.words));
  }

  @Test
  void beginsWhenAWorkerRunsThatNothingIsWrongWith() {
    plenty();
    write("worker-1.1", 0, Event.RUNNING);
    write("worker-2.1", 0, Event.RUNNING);
    incident(Cause.FREEZE, "worker-2.1", 500, 4_000);
    incident(Cause.KILL, "worker-1.1", 1_000, 1_000);
    write("worker-1.2", 3_000, Event.RUNNING);
    write("worker-1.2", 3_400, Event.EFFECT);
    write("worker-2.1", 4_100, Event.EFFECT);

    assertThat(longest()).contains(new Recovery(400, Cause.KILL.words));
  }

  @Test
  void beginsAnewWhenTheLastWorkerDiesBeforeItHandlesAnything() {
    plenty();
    write("worker-3.3", 0, Event.RUNNING);
    incident(Cause.STOP, "worker-1.2", 500, 1_000);
    incident(Cause.POISON, "worker-3.3", 1_500, 1_500);
    write("worker-5.3", 4_000, Event.RUNNING);
    write("worker-5.3", 4_100, Event.EFFECT);

    assertThat(longest()).contains(new Recovery(500, Cause.STOP.words));
  }

  @Test
  void doesNotBeginAnewWhenAnotherWorkerRuns() {
    plenty();
    write("worker-3.3", 0, Event.RUNNING);
    write("worker-4.1", 0, Event.RUNNING);
    incident(Cause.STOP, "worker-1.2", 500, 1_000);
    incident(Cause.POISON, "worker-3.3", 1_500, 1_500);
    write("worker-4.1", 4_100, Event.EFFECT);

    assertThat(longest()).contains(new Recovery(3_100, Cause.STOP.words));
  }

  @Test
  void whenThePublishersHaveEndedItCountsOnlyWhileThereIsAMessageThatNobodyHasBegun() {
    write("publisher-1.1", 900, Event.SENT);
    write("worker-1.1", 0, Event.RUNNING);
    added("900-0");
    start("worker-1.1", 950, "900-0"); // goes down with its worker, say: that is for its lease
    incident(Cause.CONNECTION, "worker-2", 800, 1_000);
    added("3000-0"); // its publisher never heard of it
    added("3000-1");
    start("worker-1.1", 3_200, "3000-0");
    start("worker-1.1", 3_600, "3000-1");
    write("worker-1.1", 4_000, Event.EFFECT);

    assertThat(longest()).contains(new Recovery(600, Cause.CONNECTION.words));
  }

  @Test
  void whilePublishersAreAtWorkItIsNoExcuseThatNothingCame() {
    write("worker-1.1", 0, Event.RUNNING);
    incident(Cause.RESTART, Diary.ALL, 800, 1_000);
    write("publisher-1.1", 2_500, Event.SENT);
    write("worker-1.1", 4_000, Event.EFFECT);

    assertThat(longest()).contains(new Recovery(1_500, Cause.RESTART.words));
  }

  @Test
  void aDeliveryOfAnOldMessageLeavesTheNewOnesLying() {
    write("worker-1.1", 0, Event.RUNNING);
    added("900-9");
    added("900-10");
    start("worker-1.1", 950, "900-9");
    incident(Cause.CONNECTION, "worker-2", 800, 1_000);
    start("worker-1.1", 1_500, "900-9");
    write("worker-1.1", 4_000, Event.EFFECT);

    assertThat(longest()).contains(new Recovery(3_000, Cause.CONNECTION.words));
  }

  @Test
  void isNotKnownIfNothingWasHandledAfterAFaultOrNobodyRanOrItWasNotOver() {
    plenty();
    write("worker-1.1", 0, Event.RUNNING);
    write("worker-1.1", 900, Event.EFFECT);
    incident(Cause.RESTART, Diary.ALL, 1_000, 1_500);
    assertThat(longest()).isEmpty();

    incident(Cause.KILL, "worker-1.1", 1_600, 1_600);
    assertThat(longest()).isEmpty();

    diary.begins(Cause.FREEZE, "worker-2.1", "a freeze");
    assertThat(longest()).isEmpty();
  }
}
