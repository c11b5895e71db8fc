package io.millstream.engine;

import static io.millstream.engine.AtomicSteps.Answer.DONE;
import static io.millstream.engine.AtomicSteps.Answer.GONE;
import static io.millstream.engine.AtomicSteps.Answer.NOT_OURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millstream.engine.AtomicSteps.Answer;
import io.millstream.engine.AtomicSteps.Held;
import io.millstream.engine.AtomicSteps.Redelivered;
import io.millstream.engine.AtomicSteps.Release;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.testing.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * redeliver, renew, release and removeConsumer, as {@link AtomicSteps} describes them. For the dead
 * letters see {@link DeadLetterContract}.
 */
abstract class AtomicStepsContract extends EngineContract {
  private static final String RELEASED = AtomicSteps.RELEASED;

  AtomicStepsContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private List<Redelivered> redeliver(String consumer, long count, String... ids) {
    return get(steps.redeliver(key, GROUP, consumer, count, ids(ids)));
  }

  private static Redelivered done(String id) {
    return new Redelivered(id(id), DONE, entry(id));
  }

  private static Redelivered not(String id, Answer answer) {
    return new Redelivered(id(id), answer, null);
  }

  private static Held held(String id, long count) {
    return new Held(id(id), count);
  }

  private List<Answer> renew(String consumer, Held... held) {
    return get(steps.renew(key, GROUP, consumer, List.of(held)));
  }

  private static Release release(String id, long count, long newCount, Duration idle) {
    return new Release(id(id), count, newCount, idle);
  }

  private static Release release(String id, long count, long newCount) {
    return release(id, count, newCount, HOUR);
  }

  private List<Answer> release(String consumer, Release... releases) {
    return get(steps.release(key, GROUP, consumer, List.of(releases)));
  }

  /** Bob claims what alice has, then alice claims it back: two more deliveries each. */
  private void passToBobAndBack(String id) {
    for (String consumer : List.of(BOB, ALICE)) {
      assertThat(get(groups.claim(key, GROUP, consumer, NOW, ids(id), ClaimArgs.NONE))).hasSize(1);
    }
  }

  private List<String> createManyPending(int count) {
    createGroup();
    Flux.range(1, count)
        .concatMap(i -> streams.add(key, fieldsOf(i + "-0"), AddArgs.id(i + "-0")))
        .blockLast(PATIENCE);
    List<String> ids = readFresh(ALICE, count).stream().map(e -> e.id().toString()).toList();
    assertThat(ids).hasSize(count);
    return ids;
  }

  // redeliver

  @Test
  void redeliverCountsADeliveryResetsIdleAndReturnsTheEntry() {
    createPending(ALICE, "1-0", "2-0");
    age(ALICE, "1-0", "2-0");
    assertThat(redeliver(ALICE, 1, "1-0")).containsExactly(done("1-0"));
    assertThat(pending()).containsExactly("1-0 alice 2", "2-0 alice 1");
    assertNotAged("1-0");
    assertAged("2-0");
  }

  @Test
  void redeliverTwiceCountsOnceAndReturnsTheEntryAgain() {
    createPending(ALICE, "1-0");
    assertThat(redeliver(ALICE, 1, "1-0")).containsExactly(done("1-0"));
    age(ALICE, "1-0");
    assertThat(redeliver(ALICE, 1, "1-0")).containsExactly(done("1-0"));
    assertThat(pending()).containsExactly("1-0 alice 2");
    assertNotAged("1-0");
    assertThat(redeliver(ALICE, 2, "1-0")).containsExactly(done("1-0"));
    assertThat(pending()).containsExactly("1-0 alice 3");
  }

  @Test
  void redeliverReturnsFieldsAsTheyAre() {
    createGroup();
    var fields =
        Fields.builder()
            .add("twice", "1")
            .add("twice", "2")
            .add(new byte[] {0, (byte) 0xff}, new byte[] {(byte) 0xfe, '\r', '\n'})
            .add("", "")
            .build();
    EntryId id = get(streams.add(key, fields));
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    assertThat(get(steps.redeliver(key, GROUP, ALICE, 1, List.of(id))))
        .containsExactly(new Redelivered(id, DONE, new Entry(id, fields)));
  }

  @Test
  void redeliverLeavesAloneWhatAnotherConsumerHolds() {
    createPending(ALICE, "1-0");
    age(ALICE, "1-0");
    assertThat(redeliver(BOB, 1, "1-0")).containsExactly(not("1-0", NOT_OURS));
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertAged("1-0");
    assertThat(consumers()).containsExactly(ALICE);
  }

  @Test
  void redeliverLeavesAloneWhatHasAnotherCount() {
    createPending(ALICE, "1-0");
    passToBobAndBack("1-0");
    age(ALICE, "1-0");
    assertThat(redeliver(ALICE, 1, "1-0")).containsExactly(not("1-0", NOT_OURS));
    assertThat(redeliver(ALICE, 4, "1-0")).containsExactly(not("1-0", NOT_OURS));
    assertThat(redeliver(ALICE, 0, "1-0")).containsExactly(not("1-0", NOT_OURS));
    assertThat(pending()).containsExactly("1-0 alice 3");
    assertAged("1-0");
  }

  @Test
  void redeliverOfAnAcknowledgedEntryIsNotOurs() {
    createPending(ALICE, "1-0");
    run(groups.ack(key, GROUP, ids("1-0")));
    assertThat(redeliver(ALICE, 1, "1-0")).containsExactly(not("1-0", NOT_OURS));
    assertThat(pending()).isEmpty();
  }

  @Test
  void redeliverOfADeletedEntryIsGoneAndRemovesItsRow() {
    createPending(ALICE, "1-0", "2-0");
    delete("1-0");
    assertThat(redeliver(ALICE, 1, "1-0", "2-0")).containsExactly(not("1-0", GONE), done("2-0"));
    assertThat(pending()).containsExactly("2-0 alice 2");
    assertThat(redeliver(ALICE, 1, "1-0")).containsExactly(not("1-0", GONE));
  }

  @Test
  void redeliverLeavesTheRowOfADeletedEntryThatIsNotOurs() {
    createPending(ALICE, "1-0");
    delete("1-0");
    assertThat(redeliver(BOB, 1, "1-0")).containsExactly(not("1-0", NOT_OURS));
    assertThat(redeliver(ALICE, 5, "1-0")).containsExactly(not("1-0", NOT_OURS));
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void redeliverOfWhatIsNeitherPendingNorThereIsGone() {
    createPending(ALICE, "1-0");
    run(groups.ack(key, GROUP, ids("1-0")));
    delete("1-0");
    assertThat(redeliver(ALICE, 1, "1-0", "9-0"))
        .containsExactly(not("1-0", GONE), not("9-0", GONE));
  }

  @Test
  void redeliverOfAHundredAnswersInTheOrderOfTheIds() {
    List<String> ids = createManyPending(100);
    List<String> acked = ids.subList(0, 10);
    List<String> deleted = ids.subList(10, 20);
    List<String> bobs = ids.subList(20, 30);
    List<String> ahead = ids.subList(30, 40);
    run(groups.ack(key, GROUP, ids(acked.toArray(new String[0]))));
    delete(deleted.toArray(new String[0]));
    run(groups.claimJustId(key, GROUP, BOB, NOW, ids(bobs.toArray(new String[0])), ClaimArgs.NONE));
    run(
        groups.claimJustId(
            key, GROUP, ALICE, NOW, ids(ahead.toArray(new String[0])), ClaimArgs.retryCount(7)));
    List<String> shuffled = new ArrayList<>(ids);
    Collections.shuffle(shuffled, new Random(7));
    List<Redelivered> expected =
        shuffled.stream()
            .map(
                id ->
                    deleted.contains(id)
                        ? not(id, GONE)
                        : acked.contains(id) || bobs.contains(id) || ahead.contains(id)
                            ? not(id, NOT_OURS)
                            : done(id))
            .toList();
    assertThat(redeliver(ALICE, 1, shuffled.toArray(new String[0]))).isEqualTo(expected);
    List<String> rows = new ArrayList<>();
    bobs.forEach(id -> rows.add(id + " bob 1"));
    ahead.forEach(id -> rows.add(id + " alice 7"));
    ids.subList(40, 100).forEach(id -> rows.add(id + " alice 2"));
    assertThat(pending()).isEqualTo(rows);
  }

  // renew

  @Test
  void renewResetsIdleAndLeavesTheCount() {
    createPending(ALICE, "1-0", "2-0");
    assertThat(redeliver(ALICE, 1, "2-0")).hasSize(1);
    age(ALICE, "1-0", "2-0");
    assertThat(renew(ALICE, held("1-0", 1), held("2-0", 2))).containsExactly(DONE, DONE);
    assertThat(pending()).containsExactly("1-0 alice 1", "2-0 alice 2");
    assertNotAged("1-0", "2-0");
  }

  @Test
  void renewTwiceIsRenewOnce() {
    createPending(ALICE, "1-0");
    age(ALICE, "1-0");
    assertThat(renew(ALICE, held("1-0", 1))).containsExactly(DONE);
    assertThat(renew(ALICE, held("1-0", 1))).containsExactly(DONE);
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertNotAged("1-0");
  }

  @Test
  void renewLeavesAloneWhatAnotherConsumerHolds() {
    createPending(ALICE, "1-0");
    age(ALICE, "1-0");
    assertThat(renew(BOB, held("1-0", 1))).containsExactly(NOT_OURS);
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertAged("1-0");
    assertThat(consumers()).containsExactly(ALICE);
  }

  @Test
  void renewLeavesAloneWhatHasAnotherCount() {
    createPending(ALICE, "1-0");
    passToBobAndBack("1-0");
    age(ALICE, "1-0");
    assertThat(renew(ALICE, held("1-0", 1))).containsExactly(NOT_OURS);
    assertThat(renew(ALICE, held("1-0", 2))).containsExactly(NOT_OURS);
    assertThat(renew(ALICE, held("1-0", 4))).containsExactly(NOT_OURS);
    assertThat(pending()).containsExactly("1-0 alice 3");
    assertAged("1-0");
  }

  @Test
  void renewOfAnAcknowledgedEntryIsNotOurs() {
    createPending(ALICE, "1-0");
    run(groups.ack(key, GROUP, ids("1-0")));
    assertThat(renew(ALICE, held("1-0", 1))).containsExactly(NOT_OURS);
    assertThat(pending()).isEmpty();
  }

  @Test
  void renewOfADeletedEntryIsGone() {
    createPending(ALICE, "1-0", "2-0");
    delete("1-0");
    assertThat(renew(ALICE, held("1-0", 1), held("2-0", 1))).containsExactly(GONE, DONE);
    if (has(Capability.CLAIM_DROPS_DELETED)) {
      assertThat(pending()).containsExactly("2-0 alice 1");
    } else {
      assertThat(pending()).containsExactly("1-0 alice 1", "2-0 alice 1");
    }
    assertThat(renew(ALICE, held("1-0", 1), held("9-0", 1))).containsExactly(GONE, GONE);
  }

  @Test
  void renewLeavesTheRowOfADeletedEntryThatIsNotOurs() {
    createPending(ALICE, "1-0");
    delete("1-0");
    assertThat(renew(BOB, held("1-0", 1))).containsExactly(NOT_OURS);
    assertThat(renew(ALICE, held("1-0", 5))).containsExactly(NOT_OURS);
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void renewFindsItsEntriesBetweenManyOthers() {
    List<String> ids = createManyPending(400);
    assertThat(renew(ALICE, held("400-0", 1), held("1-0", 1), held("200-0", 1), held("7-0", 2)))
        .containsExactly(DONE, DONE, DONE, NOT_OURS);
    run(
        groups.claimJustId(
            key, GROUP, BOB, NOW, ids(ids.subList(1, 399).toArray(new String[0])), ClaimArgs.NONE));
    age(ALICE, "1-0", "400-0");
    assertThat(renew(ALICE, held("1-0", 1), held("200-0", 1), held("400-0", 1)))
        .containsExactly(DONE, NOT_OURS, DONE);
    assertNotAged("1-0", "400-0");
  }

  @Test
  void renewOfAHundredAnswersInTheOrderOfTheIds() {
    List<String> ids = createManyPending(100);
    age(ALICE, ids.toArray(new String[0]));
    delete("3-0");
    run(groups.ack(key, GROUP, ids("4-0", "100-0")));
    assertThat(redeliver(ALICE, 1, "5-0")).hasSize(1);
    List<String> shuffled = new ArrayList<>(ids);
    Collections.shuffle(shuffled, new Random(7));
    List<Answer> expected =
        shuffled.stream()
            .map(
                id ->
                    switch (id) {
                      case "3-0" -> GONE;
                      case "4-0", "5-0", "100-0" -> NOT_OURS;
                      default -> DONE;
                    })
            .toList();
    assertThat(renew(ALICE, shuffled.stream().map(id -> held(id, 1)).toArray(Held[]::new)))
        .isEqualTo(expected);
    assertNotAged("1-0", "2-0", "50-0", "99-0");
  }

  // release

  @Test
  void releaseParksTheEntryWithTheCountAndTheIdleTimeThatAreGiven() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    assertThat(redeliver(ALICE, 1, "3-0")).hasSize(1);
    assertThat(
            release(
                ALICE,
                release("1-0", 1, 0, HOUR),
                release("2-0", 1, 1, Duration.ZERO),
                release("3-0", 2, 2, HOUR.multipliedBy(2))))
        .containsExactly(DONE, DONE, DONE);
    assertThat(pending())
        .containsExactly(
            "1-0 " + RELEASED + " 0", "2-0 " + RELEASED + " 1", "3-0 " + RELEASED + " 2");
    assertThat(idleOf("1-0")).isBetween(HOUR, HOUR.plusMinutes(1));
    assertThat(idleOf("2-0")).isLessThan(Duration.ofMinutes(1));
    assertThat(idleOf("3-0")).isGreaterThanOrEqualTo(HOUR.multipliedBy(2));
    assertThat(consumer(ALICE).pending()).isZero();
  }

  @Test
  void releasedEntryIsClaimableAtOnceByAnyoneWithALongMinIdle() {
    createPending(ALICE, "1-0");
    assertThat(release(ALICE, release("1-0", 1, 0, HOUR.multipliedBy(24)))).containsExactly(DONE);
    assertThat(
            get(groups.autoClaimJustId(key, GROUP, BOB, HOUR.multipliedBy(23), EntryId.MIN, null))
                .claimed())
        .isEqualTo(ids("1-0"));
    assertThat(pending()).containsExactly("1-0 bob 0");
    assertThat(redeliver(BOB, 0, "1-0")).containsExactly(done("1-0"));
    assertThat(pending()).containsExactly("1-0 bob 1");
  }

  @Test
  void releaseTwiceIsReleaseOnce() {
    createPending(ALICE, "1-0");
    assertThat(release(ALICE, release("1-0", 1, 0))).containsExactly(DONE);
    assertThat(release(ALICE, release("1-0", 1, 0))).containsExactly(DONE);
    assertThat(pending()).containsExactly("1-0 " + RELEASED + " 0");
    assertThat(idleOf("1-0")).isGreaterThanOrEqualTo(HOUR);
  }

  @Test
  void releaseCannotTakeBackWhatWasClaimedMeanwhile() {
    createPending(ALICE, "1-0");
    assertThat(release(ALICE, release("1-0", 1, 1))).containsExactly(DONE);
    run(groups.claimJustId(key, GROUP, BOB, NOW, ids("1-0"), ClaimArgs.NONE));
    assertThat(release(ALICE, release("1-0", 1, 1))).containsExactly(NOT_OURS);
    assertThat(pending()).containsExactly("1-0 bob 1");
    assertNotAged("1-0");
  }

  @Test
  void lateRenewCannotCallBackWhatWasReleased() {
    createPending(ALICE, "1-0");
    assertThat(release(ALICE, release("1-0", 1, 1))).containsExactly(DONE);
    assertThat(renew(ALICE, held("1-0", 1))).containsExactly(NOT_OURS);
    assertThat(redeliver(ALICE, 1, "1-0")).containsExactly(not("1-0", NOT_OURS));
    assertThat(pending()).containsExactly("1-0 " + RELEASED + " 1");
    assertAged("1-0");
  }

  @Test
  void releaseLeavesAloneWhatAnotherConsumerHolds() {
    createPending(ALICE, "1-0");
    assertThat(release(BOB, release("1-0", 1, 0))).containsExactly(NOT_OURS);
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertNotAged("1-0");
    assertThat(consumers()).containsExactly(ALICE);
  }

  @Test
  void releaseLeavesAloneWhatHasAnotherCount() {
    createPending(ALICE, "1-0");
    passToBobAndBack("1-0");
    assertThat(release(ALICE, release("1-0", 1, 0))).containsExactly(NOT_OURS);
    assertThat(release(ALICE, release("1-0", 4, 3))).containsExactly(NOT_OURS);
    assertThat(pending()).containsExactly("1-0 alice 3");
    assertNotAged("1-0");
  }

  @Test
  void releaseOfADeletedEntryIsGoneAndRemovesItsRow() {
    createPending(ALICE, "1-0", "2-0");
    delete("1-0");
    assertThat(release(ALICE, release("1-0", 1, 0), release("2-0", 1, 0)))
        .containsExactly(GONE, DONE);
    assertThat(pending()).containsExactly("2-0 " + RELEASED + " 0");
    assertThat(release(ALICE, release("1-0", 1, 0))).containsExactly(GONE);
  }

  @Test
  void releaseOfADeletedEntryCreatesTheParkingConsumerAsAnyClaimDoes() {
    createPending(ALICE, "1-0");
    delete("1-0");
    assertThat(release(ALICE, release("1-0", 1, 0))).containsExactly(GONE);
    assertThat(consumers().contains(RELEASED))
        .isEqualTo(has(Capability.CONSUMER_ALWAYS_CREATED));
  }

  @Test
  void releaseLeavesTheRowOfADeletedEntryThatIsNotOurs() {
    createPending(ALICE, "1-0");
    delete("1-0");
    assertThat(release(BOB, release("1-0", 1, 0))).containsExactly(NOT_OURS);
    assertThat(release(ALICE, release("1-0", 5, 0))).containsExactly(NOT_OURS);
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void releaseOfAnAcknowledgedEntryIsNotOurs() {
    createPending(ALICE, "1-0");
    run(groups.ack(key, GROUP, ids("1-0")));
    assertThat(release(ALICE, release("1-0", 1, 0))).containsExactly(NOT_OURS);
    assertThat(pending()).isEmpty();
  }

  @Test
  void releaseOfAHundredAnswersInTheOrderOfTheIds() {
    List<String> ids = createManyPending(100);
    delete("3-0");
    run(groups.ack(key, GROUP, ids("4-0")));
    List<String> shuffled = new ArrayList<>(ids);
    Collections.shuffle(shuffled, new Random(7));
    List<Answer> expected =
        shuffled.stream()
            .map(id -> id.equals("3-0") ? GONE : id.equals("4-0") ? NOT_OURS : DONE)
            .toList();
    assertThat(
            release(ALICE, shuffled.stream().map(id -> release(id, 1, 0)).toArray(Release[]::new)))
        .isEqualTo(expected);
    assertThat(get(groups.pending(key, GROUP)).byConsumer()).containsOnly(Map.entry(RELEASED, 98L));
  }

  // removeConsumer

  @Test
  void removeConsumerRemovesOneThatHasNothingPending() {
    createPending(ALICE, "1-0");
    run(groups.ack(key, GROUP, ids("1-0")));
    assertThat(get(steps.removeConsumer(key, GROUP, ALICE))).isTrue();
    assertThat(consumers()).isEmpty();
    assertThat(get(steps.removeConsumer(key, GROUP, ALICE))).isTrue();
    assertThat(get(steps.removeConsumer(key, GROUP, "nobody"))).isTrue();
  }

  @Test
  void removeConsumerRefusesOneThatHasPendingEntries() {
    createPending(ALICE, "1-0");
    assertThat(get(steps.removeConsumer(key, GROUP, ALICE))).isFalse();
    delete("1-0");
    assertThat(get(steps.removeConsumer(key, GROUP, ALICE))).isFalse();
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertThat(consumers()).containsExactly(ALICE);
  }

  @Test
  void consumerCanGoWhenEverythingIsReleased() {
    createPending(ALICE, "1-0", "2-0");
    assertThat(release(ALICE, release("1-0", 1, 0), release("2-0", 1, 1)))
        .containsExactly(DONE, DONE);
    assertThat(get(steps.removeConsumer(key, GROUP, ALICE))).isTrue();
    assertThat(consumers()).containsExactly(RELEASED);
    assertThat(pending()).containsExactly("1-0 " + RELEASED + " 0", "2-0 " + RELEASED + " 1");
  }

  // all of them

  private List<Mono<?>> everyStep() {
    return List.of(
        steps.redeliver(key, GROUP, ALICE, 1, ids("1-0")),
        steps.renew(key, GROUP, ALICE, List.of(held("1-0", 1))),
        steps.release(key, GROUP, ALICE, List.of(release("1-0", 1, 0))),
        steps.removeConsumer(key, GROUP, ALICE));
  }

  @Test
  void everyStepFailsWithNogroupWhereTheStreamOrTheGroupIsGone() {
    everyStep().forEach(step -> assertThat(errorOf(step).code()).isEqualTo("NOGROUP"));
    add("1-0");
    everyStep().forEach(step -> assertThat(errorOf(step).code()).isEqualTo("NOGROUP"));
    createGroup();
    run(groups.destroy(key, GROUP));
    everyStep().forEach(step -> assertThat(errorOf(step).code()).isEqualTo("NOGROUP"));
  }

  @Test
  void everyStepRefusesAKeyOfAnotherType() {
    fixture.putString(key);
    everyStep().forEach(step -> assertThat(errorOf(step).code()).isEqualTo("WRONGTYPE"));
  }

  @Test
  void errorsOfStepsReadAsThoseOfCommands() {
    add("1-0");
    assertThat(error(steps.renew(key, GROUP, ALICE, List.of(held("1-0", 1)))))
        .startsWith("NOGROUP No such key '" + key + "' or consumer group '" + GROUP + "'");
  }

  @Test
  void stepWithoutIdsAnswersNothing() {
    createPending(ALICE, "1-0");
    assertThat(redeliver(ALICE, 1)).isEmpty();
    assertThat(renew(ALICE)).isEmpty();
    assertThat(release(ALICE)).isEmpty();
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void stepsOfOneGroupDoNotTouchAnother() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    run(groups.create(key, "other", CreateArgs.from("0")));
    assertThat(read(ReadArgs.fresh(key, "other", ALICE, 10, null))).hasSize(3);
    assertThat(redeliver(ALICE, 1, "1-0")).containsExactly(done("1-0"));
    assertThat(release(ALICE, release("2-0", 1, 0))).containsExactly(DONE);
    assertThat(get(groups.pending(key, "other", PendingArgs.all(10))))
        .extracting(PendingEntry::consumer, PendingEntry::deliveries)
        .containsOnly(tuple(ALICE, 1L));
  }
}
