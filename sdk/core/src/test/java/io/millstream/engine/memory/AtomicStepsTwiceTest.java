package io.millstream.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AtomicSteps.Answer;
import io.millstream.engine.AtomicSteps.DeadLetter;
import io.millstream.engine.AtomicSteps.Held;
import io.millstream.engine.AtomicSteps.Redelivered;
import io.millstream.engine.AtomicSteps.Release;
import io.millstream.engine.ClaimArgs;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The atomic steps asked twice, as after a lost reply. */
class AtomicStepsTwiceTest extends VirtualTimeTest {
  private static final String DEAD = "orders:workers:dlq";
  private static final Duration DAY = Duration.ofDays(1);

  @BeforeEach
  void aliceHoldsOne() {
    createGroup();
    add("1-0");
    readNow(ALICE, 1);
  }

  private List<Entry> deadLetters() {
    return get(streams.range(DEAD, "-", "+", null));
  }

  private Answer deadLetter(long count, @Nullable Fields original) {
    return get(
        steps.deadLetter(
            new DeadLetter(
                KEY,
                GROUP,
                ALICE,
                new Held(id("1-0"), count),
                DEAD,
                original,
                "dead.id",
                Fields.of("dead.id", "1-0", "dead.reason", "poison"))));
  }

  private void assertTwice(Answer first, Answer second, java.util.function.Supplier<Answer> step) {
    assertThat(step.get()).as("first").isEqualTo(first);
    List<String> rows = pending();
    List<Entry> letters = deadLetters();
    assertThat(step.get()).as("second").isEqualTo(second);
    assertThat(pending()).isEqualTo(rows);
    assertThat(deadLetters()).isEqualTo(letters);
  }

  private Answer redeliver(long count) {
    return get(steps.redeliver(KEY, GROUP, ALICE, count, ids("1-0"))).get(0).answer();
  }

  private Answer renew(long count) {
    return get(steps.renew(KEY, GROUP, ALICE, List.of(new Held(id("1-0"), count)))).get(0);
  }

  private Answer release(long count, long newCount) {
    return get(steps.release(
            KEY, GROUP, ALICE, List.of(new Release(id("1-0"), count, newCount, DAY))))
        .get(0);
  }

  @Test
  void redeliverCountsOnceAndGivesTheEntryBothTimes() {
    time.advance(Duration.ofSeconds(5));
    assertTwice(Answer.DONE, Answer.DONE, () -> redeliver(1));
    assertThat(pending()).containsExactly("1-0 alice 2");
    assertThat(idleTimes()).containsExactly("1-0 0");
    assertThat(get(steps.redeliver(KEY, GROUP, ALICE, 1, ids("1-0"))))
        .containsExactly(
            new Redelivered(id("1-0"), Answer.DONE, new Entry(id("1-0"), Fields.of("f", "1-0"))));
  }

  @Test
  void redeliverOfWhatNoLongerStandsRemovesItsRow() {
    run(streams.delete(KEY, ids("1-0")));
    assertTwice(Answer.GONE, Answer.GONE, () -> redeliver(1));
    assertThat(pending()).isEmpty();
  }

  @Test
  void renewResetsIdleOnly() {
    time.advance(Duration.ofSeconds(5));
    assertTwice(Answer.DONE, Answer.DONE, () -> renew(1));
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertThat(idleTimes()).containsExactly("1-0 0");
  }

  @Test
  void aLateRenewalDoesNotCallBackWhatWasReleased() {
    assertThat(release(1, 0)).isEqualTo(Answer.DONE);
    assertThat(renew(1)).isEqualTo(Answer.NOT_OURS);
    assertThat(pending()).containsExactly("1-0 millstream.released 0");
  }

  @Test
  void releaseParksWithCountAndIdle() {
    assertTwice(Answer.DONE, Answer.DONE, () -> release(1, 0));
    assertThat(pending()).containsExactly("1-0 " + AtomicSteps.RELEASED + " 0");
    assertThat(idleTimes()).containsExactly("1-0 " + DAY.toMillis());
  }

  @Test
  void releaseOfWhatSomebodyTookFromTheParkingPlaceIsNotOurs() {
    assertThat(release(1, 0)).isEqualTo(Answer.DONE);
    run(groups.claimJustId(KEY, GROUP, BOB, DAY, ids("1-0"), ClaimArgs.NONE));
    assertThat(release(1, 0)).isEqualTo(Answer.NOT_OURS);
    assertThat(pending()).containsExactly("1-0 bob 0");
  }

  @Test
  void deadLetterIsWrittenOnceAndAcknowledges() {
    assertTwice(Answer.DONE, Answer.NOT_OURS, () -> deadLetter(1, null));
    assertThat(pending()).isEmpty();
    assertThat(deadLetters())
        .singleElement()
        .extracting(Entry::fields)
        .isEqualTo(Fields.of("f", "1-0", "dead.id", "1-0", "dead.reason", "poison"));
  }

  @Test
  void deadLetterOfADeletedEntryIsWrittenOnceFromTheFieldsThatAreHeld() {
    run(streams.delete(KEY, ids("1-0")));
    assertTwice(Answer.DONE, Answer.GONE, () -> deadLetter(1, Fields.of("f", "held")));
    assertThat(deadLetters())
        .singleElement()
        .satisfies(letter -> assertThat(letter.fields().text("f")).isEqualTo("held"));
  }

  @Test
  void deadLetterOfWhatIsGoneAltogetherIsWrittenOnce() {
    run(groups.ack(KEY, GROUP, ids("1-0")));
    run(streams.delete(KEY, ids("1-0")));
    assertTwice(Answer.GONE, Answer.GONE, () -> deadLetter(1, null));
    assertThat(deadLetters())
        .singleElement()
        .extracting(Entry::fields)
        .isEqualTo(Fields.of("dead.id", "1-0", "dead.reason", "poison"));
  }

  @Test
  void deadLetterIsNotWrittenForWhatSomebodyElseHolds() {
    run(groups.claim(KEY, GROUP, BOB, Duration.ZERO, ids("1-0"), ClaimArgs.NONE));
    assertTwice(Answer.NOT_OURS, Answer.NOT_OURS, () -> deadLetter(1, null));
    run(streams.delete(KEY, ids("1-0")));
    assertTwice(Answer.NOT_OURS, Answer.NOT_OURS, () -> deadLetter(1, null));
    assertThat(deadLetters()).isEmpty();
    assertThat(pending()).containsExactly("1-0 bob 2");
  }

  @Test
  void deadLetterThatCannotBeWrittenDoesNotAcknowledge() {
    server.set(DEAD, "in the way");
    assertThat(
            errorOf(
                steps.deadLetter(
                    new DeadLetter(
                        KEY,
                        GROUP,
                        ALICE,
                        new Held(id("1-0"), 1),
                        DEAD,
                        null,
                        "dead.id",
                        Fields.of("dead.id", "1-0")))))
        .hasMessageStartingWith("WRONGTYPE");
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void removeConsumerSparesWhoHoldsSomething() {
    assertThat(get(steps.removeConsumer(KEY, GROUP, ALICE))).isFalse();
    assertThat(pending()).hasSize(1);
    run(groups.ack(KEY, GROUP, ids("1-0")));
    assertThat(get(steps.removeConsumer(KEY, GROUP, ALICE))).isTrue();
    assertThat(get(steps.removeConsumer(KEY, GROUP, ALICE))).isTrue();
    assertThat(get(groups.infoConsumers(KEY, GROUP))).isEmpty();
  }

  @Test
  void everyStepOfALostGroupIsNoGroup() {
    run(groups.destroy(KEY, GROUP));
    assertThat(errorOf(steps.redeliver(KEY, GROUP, ALICE, 1, ids("1-0"))))
        .hasMessage("NOGROUP No such key 'orders' or consumer group 'workers'");
    assertThat(errorOf(steps.removeConsumer(KEY, GROUP, ALICE))).hasMessageStartingWith("NOGROUP");
  }

  @Test
  void moreThanAHundredAtOnceAreRefused() {
    List<EntryId> ids = LongStream.range(1, 102).mapToObj(i -> new EntryId(i, 0)).toList();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> steps.redeliver(KEY, GROUP, ALICE, 1, ids).block())
        .withMessageContaining("101");
  }
}
