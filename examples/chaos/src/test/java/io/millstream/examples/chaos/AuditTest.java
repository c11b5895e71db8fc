package io.millstream.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.examples.chaos.Diary.Cause;
import io.millstream.examples.chaos.Job.Kind;
import io.millstream.examples.chaos.Line.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final String A = "1000-0";
  private static final String B = "1000-1";
  private static final String POISON = "1001-0";

  private final List<Line> lines = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private final Diary diary = new Diary(now::get);
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final List<Eyes.Letter> letters = new ArrayList<>();
  private final List<Eyes.Row> pending = new ArrayList<>();
  private final List<String> unread = new ArrayList<>();

  @BeforeEach
  void twoMessagesAreHandledAndPoisonIsGivenUp() {
    write("worker-2.1", 900, Event.RUNNING);
    publish(A, new Job(1, 1, Kind.PLAIN, 0));
    publish(B, new Job(1, 2, Kind.PLAIN, 0));
    publish(POISON, new Job(1, 50, Kind.POISON, 0));
    handle("worker-1.1", 2000, A, 1);
    handle("worker-2.1", 2000, B, 1);
    for (int delivery = 1; delivery <= Rules.MAX_DELIVERIES; delivery++) {
      String process = "worker-3." + delivery;
      write(process, 2000L + 1000L * delivery, Event.START, POISON, delivery, "1-50");
      at(2500L + 1000L * delivery, () -> diary.happened(Cause.POISON, process, "it died"));
    }
    letters.add(new Eyes.Letter(POISON, Rules.MAX_DELIVERIES));
  }

  private void publish(String id, Job job) {
    jobs.put(id, job);
    write("publisher-1.1", 1000, Event.SENT, job.key());
    write("publisher-1.1", 1000, Event.PUBLISHED, job.key(), id);
  }

  private void handle(String process, long millis, String id, long delivery) {
    write(process, millis, Event.START, id, delivery, "1-1");
    write(process, millis + 20, Event.EFFECT, id, delivery);
    write(process, millis + 20, Event.END, id, delivery, "done");
  }

  private void write(String process, long millis, Event event, Object... words) {
    lines.add(
        new Line(
            process,
            lines.size() + 1L,
            millis,
            event,
            Stream.of(words).map(String::valueOf).toList()));
  }

  private void at(long millis, Runnable what) {
    now.set(millis);
    what.run();
  }

  private void forget(String id, Event event) {
    lines.removeIf(line -> line.event() == event && line.word(0).equals(id));
  }

  private Account account() {
    return Audit.account(
        7, new Plan(List.of()), new History(lines, diary, jobs, letters, pending, unread));
  }

  private void assertBroken(String why) {
    assertThat(account().balances()).isFalse();
    assertThat(account().broken()).anySatisfy(what -> assertThat(what).contains(why));
  }

  @Test
  void balancesIfEachMessageWasHandledOrGivenUp() {
    assertThat(account().broken()).isEmpty();
    assertThat(account().balances()).isTrue();
    assertThat(account().published().answered()).isEqualTo(3);
    assertThat(account().handled().once()).isEqualTo(2);
    assertThat(account().dead()).isEqualTo(new Account.Dead(1, 1, 1));
  }

  @Test
  void aMessageThatIsSettledAndWasNotHandledIsLost() {
    forget(A, Event.EFFECT);

    assertBroken("LOST, settled and not handled: 1000-0 (1-1 plain 0)");
    assertThat(account().handled().lost()).isEqualTo(1);
  }

  @Test
  void aMessageThatHasVanishedFromTheStreamIsLost() {
    jobs.remove(A);

    assertBroken("1000-0 was published, and is not in the stream");
    assertThat(account().handled().lost()).isEqualTo(1);
  }

  @Test
  void whatIsPendingOrUnreadInTheEndIsNotLostAndDoesNotBalance() {
    forget(A, Event.EFFECT);
    pending.add(new Eyes.Row(A, "me", 5000, 1));
    assertBroken("still pending: Row[id=1000-0, consumer=me, idle=5000, deliveries=1]");

    pending.clear();
    unread.add(A);
    assertBroken("never read: 1000-0");
    assertThat(account().handled().lost()).isZero();
    assertThat(account().handled().pending()).isEqualTo(1);
  }

  @Test
  void aMessageOfUnknownOutcomeCountsApartWhetherItArrivedOrNot() {
    write("publisher-1.1", 1000, Event.SENT, "1-3");
    write("publisher-1.1", 1000, Event.UNKNOWN, "1-3");
    write("publisher-1.1", 1000, Event.SENT, "1-4");
    write("publisher-1.1", 1000, Event.UNKNOWN, "1-4");
    write("publisher-1.1", 1000, Event.SENT, "1-5");
    write("publisher-1.1", 1000, Event.REFUSED, "1-5");
    jobs.put("1002-0", new Job(1, 3, Kind.PLAIN, 0));
    handle("worker-1.1", 3000, "1002-0", 1);

    assertThat(account().published()).isEqualTo(new Account.Published(3, 0, 2, 1));
    assertThat(account().balances()).isTrue();

    forget("1002-0", Event.EFFECT);
    assertBroken("LOST, settled and not handled: 1002-0");
  }

  @Test
  void aMessageThatNoReplicaHadInTimeCountsApartAndIsHandledIfItIsThere() {
    write("publisher-1.1", 1000, Event.SENT, "1-3");
    write("publisher-1.1", 1000, Event.UNCONFIRMED, "1-3", "1002-0");
    assertThat(account().published()).isEqualTo(new Account.Published(3, 1, 0, 0));
    assertThat(account().balances()).isTrue();

    jobs.put("1002-0", new Job(1, 3, Kind.PLAIN, 0));
    assertThat(account().published()).isEqualTo(new Account.Published(3, 1, 0, 1));
    assertBroken("LOST, settled and not handled: 1002-0");
  }

  @Test
  void aFailoverMayForgetACountAndNothingElseMay() {
    handle("worker-2.1", 5000, A, 1);
    assertBroken("count below starts: 1000-0");
    now.set(2500);
    int away = diary.begins(Cause.RESTART, Diary.ALL, "kill Redis");
    at(2900, () -> diary.isOver(away));
    assertBroken("count below starts: 1000-0");

    now.set(2500);
    int over = diary.begins(Cause.FAILOVER, Diary.ALL, "planned failover");
    at(2900, () -> diary.isOver(over));
    assertThat(account().broken()).isEmpty();
    assertThat(account().handled().again().count()).isEqualTo(1);
  }

  @Test
  void aSecondHandlingHasAReasonOrIsBroken() {
    handle("worker-2.1", 5000, A, 2);
    assertBroken("started again for no reason: 1000-0");

    at(2500, () -> diary.happened(Cause.KILL, "worker-2.1", "another was killed"));
    assertBroken("started again for no reason: 1000-0");

    at(2500, () -> diary.happened(Cause.KILL, "worker-1.1", "the first was killed"));
    assertThat(account().balances()).isTrue();
    assertThat(account().handled().again()).hasToString("a kill 1");
  }

  @Test
  void aSecondHandlingMayComeOfARestartOfRedis() {
    handle("worker-2.1", 5000, A, 2);
    now.set(1500);
    int away = diary.begins(Cause.RESTART, Diary.ALL, "kill Redis");
    at(1900, () -> diary.isOver(away));

    assertThat(account().handled().again()).hasToString("a restart of Redis 1");
    assertThat(account().balances()).isTrue();
  }

  @Test
  void aServerThatWasFrozenIsNoReasonForASecondStart() {
    lines.removeIf(line -> line.words().contains(A) && line.event() == Event.END);
    handle("worker-2.1", 5000, A, 2);
    now.set(2010);
    int frozen = diary.begins(Cause.STANDSTILL, Diary.ALL, "freeze Redis");
    at(4900, () -> diary.isOver(frozen));

    assertBroken("started again for no reason: 1000-0");
  }

  @Test
  void aWorkerThatWasFrozenBeforeItsStartMayStartAfterTheNextOne() {
    lines.removeIf(line -> line.words().contains(A) && line.event() != Event.PUBLISHED);
    handle("worker-2.1", 3500, A, 2);
    handle("worker-1.1", 4005, A, 1);
    assertBroken("started again for no reason: 1000-0");

    now.set(1010);
    int frozen = diary.begins(Cause.FREEZE, "worker-1.1", "freeze worker-1");
    at(4000, () -> diary.isOver(frozen));
    assertThat(account().balances()).isTrue();
    assertThat(account().handled().again()).hasToString("a freeze 1");
  }

  @Test
  void aFailureIsAReasonForASecondStart() {
    forget(A, Event.EFFECT);
    lines.removeIf(line -> line.words().contains(A) && line.event() == Event.END);
    write("worker-1.1", 2020, Event.END, A, 1, "failed");
    handle("worker-2.1", 5000, A, 2);

    assertThat(account().balances()).isTrue();
  }

  @Test
  void aSecondHandlingMayComeOfALostLease() {
    handle("worker-2.1", 5000, A, 2);
    write("worker-1.1", 4000, Event.LOST);

    assertThat(account().handled().again()).hasToString("a lost lease 1");
  }

  @Test
  void aCountBelowTheStartsIsBroken() {
    at(2500, () -> diary.happened(Cause.KILL, "worker-1.1", "killed"));
    handle("worker-2.1", 5000, A, 1);

    assertBroken("count below starts: 1000-0");
  }

  @Test
  void aDeliveryThatStartedTwiceIsBroken() {
    at(2500, () -> diary.happened(Cause.KILL, "worker-1.1", "killed"));
    diary.left(Cause.KILL, "worker-1.1", List.of(new Eyes.Row(A, "me", 0, 1)));
    lines.removeIf(line -> line.words().contains(A) && line.event() != Event.PUBLISHED);
    handle("worker-1.1", 3000, A, 2);
    handle("worker-2.1", 5000, A, 2);

    assertBroken("one delivery started twice: 1000-0");
  }

  @Test
  void aDeliveryThatWasCountedAndNotStartedHasAReasonOrIsBroken() {
    lines.removeIf(line -> line.words().contains(A) && line.event() != Event.PUBLISHED);
    handle("worker-2.1", 5000, A, 2);
    assertBroken("delivery 1 counted and not started: 1000-0");

    diary.left(Cause.KILL, "worker-1.1", List.of(new Eyes.Row(A, "me", 0, 1)));
    assertThat(account().balances()).isTrue();
    assertThat(account().handled().cutOff()).hasToString("a kill 1");
  }

  @Test
  void poisonHasOneDeadLetterAndNothingElseHas() {
    letters.add(new Eyes.Letter(POISON, Rules.MAX_DELIVERIES));
    assertBroken("poison with 2 dead letters");

    letters.clear();
    assertBroken("poison with 0 dead letters");
    assertBroken("LOST, settled and not handled: 1001-0");

    letters.add(new Eyes.Letter(POISON, Rules.MAX_DELIVERIES));
    letters.add(new Eyes.Letter(A, 1));
    assertBroken("dead-lettered and no poison");
  }

  @Test
  void poisonIsGivenUpWhenItsDeliveriesAreSpentAndNotBefore() {
    letters.set(0, new Eyes.Letter(POISON, Rules.MAX_DELIVERIES - 1));

    assertBroken("poison with 1 dead letters");
  }

  @Test
  void aGracefulStopThatLeavesSomethingIsBrokenIfRedisWasThere() {
    diary.stopped(new Diary.Stop("worker-1.1", 10_000, 11_000, 2, true));
    assertBroken("worker-1.1 was stopped and left 2 pending under its name");
    assertThat(account().faults().stopsChecked()).isEqualTo(1);

    now.set(10_500);
    diary.begins(Cause.CONNECTION, "worker-1", "cut");
    assertThat(account().balances()).isTrue();
    assertThat(account().faults().stopsChecked()).isZero();
  }

  @Test
  void moreHandlersAtOnceThanAllowedAreBroken() {
    for (int i = 0; i < Rules.HANDLERS; i++) {
      String id = "1003-" + i;
      publish(id, new Job(1, 100 + i, Kind.PLAIN, 0));
      write("worker-1.1", 9000, Event.START, id, 1, "1-1");
      write("worker-1.1", 9000, Event.EFFECT, id, 1);
    }
    assertThat(account().balances()).isTrue();

    handle("worker-1.1", 9100, "1003-99", 1);
    assertBroken("worker-1.1 ran 9 handlers at once, allowed: 8");
  }

  @Test
  void whatTheDriverSawIsBroken() {
    diary.broken("worker-1.1 ended by itself, with status 1");

    assertBroken("worker-1.1 ended by itself, with status 1");
  }

  @Test
  void canBeReadByAPerson() {
    at(2_100, () -> diary.happened(Cause.KILL, "worker-1.1", "kill worker-1"));
    handle("worker-2.1", 7_580, A, 2);

    assertThat(account().toString())
        .isEqualToNormalizingNewlines(
            """
            Account
              published                 3  0 more of unknown outcome, of which 0 arrived
              handled at least once     2  1 poison besides
              handled again             1  a kill 1
              cut off unstarted         0
              dead-lettered             1  1 poison messages arrived
              lost                      0
              pending                   0
              faults                    0  0 graceful stops, of which 0 with Redis there: nothing of theirs may be left
              longest to recover           0.9 s after: kill worker-1
            It balances, seed 7: 3 published, 2 handled, 1 again, 1 dead-lettered, 0 lost, 0 pending, 0.9 s to recover at most""");
    forget(B, Event.EFFECT);
    assertThat(account().toString()).contains("  BROKEN: LOST, settled and not handled: 1000-1");
    assertThat(account().toString().lines().reduce((before, last) -> last))
        .hasValueSatisfying(last -> assertThat(last).startsWith("It does NOT balance, seed 7: "));
  }
}
