package io.millstream.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.examples.chaos.Diary.Cause;
import io.millstream.examples.chaos.Line.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private final List<Line> lines = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private final Diary diary = new Diary(now::get);

  private void write(String process, long millis, Event event) {
    lines.add(new Line(process, 1, millis, event, List.of()));
  }

  private void incident(Cause cause, String subject, long from, long to) {
    now.set(from);
    int number = diary.begins(cause, subject, cause.words);
    now.set(to);
    diary.isOver(number);
  }

  private Optional<Recovery> longest() {
    return Recovery.longest(new History(lines, diary, Map.of(), List.of(), List.of(), List.of()));
  }

  @Test
  void isTheLongestTimeFromTheEndOfAFaultToTheNextHandledMessage() {
    write("worker-1.1", 0, Event.RUNNING);
    incident(Cause.RESTART, Diary.ALL, 1_000, 1_500);
    write("worker-1.1", 1_700, Event.START);
    write("worker-1.1", 2_000, Event.EFFECT);
    incident(Cause.CONNECTION, "worker-1", 3_000, 3_500);
    write("worker-1.1", 3_700, Event.EFFECT);

    assertThat(longest()).contains(new Recovery(500, Cause.RESTART.words));
  }

  @Test
  void isThatOfTheLastOfSeveralOutages() {
    write("worker-1.1", 0, Event.RUNNING);
    incident(Cause.RESTART, Diary.ALL, 1_000, 1_500);
    incident(Cause.STANDSTILL, Diary.ALL, 2_000, 3_500);
    write("worker-1.1", 3_800, Event.EFFECT);

    assertThat(longest()).contains(new Recovery(300, Cause.STANDSTILL.words));
  }

  @Test
  void beginsWhenAWorkerRunsThatNothingIsWrongWith() {
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
  void isNotKnownIfNothingWasHandledAfterAFaultOrNobodyRanOrItWasNotOver() {
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
