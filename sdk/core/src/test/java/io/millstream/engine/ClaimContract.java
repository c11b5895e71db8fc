package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.testing.Capability;
import io.millstream.testing.Rule;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** XCLAIM: rules 41, 42, 57 and 60 to 65. */
abstract class ClaimContract extends EngineContract {
  ClaimContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private List<Entry> claim(String consumer, Duration minIdle, ClaimArgs args, String... ids) {
    return get(groups.claim(key, GROUP, consumer, minIdle, ids(ids), args));
  }

  private List<EntryId> claimJustId(
      String consumer, Duration minIdle, ClaimArgs args, String... ids) {
    return get(groups.claimJustId(key, GROUP, consumer, minIdle, ids(ids), args));
  }

  private static ClaimArgs time(long unixMillis) {
    return new ClaimArgs(null, unixMillis, null, false, null);
  }

  private static ClaimArgs lastId(String id) {
    return new ClaimArgs(null, null, null, false, id(id));
  }

  @Test
  @Rule(57)
  void claimOnAMissingKeyOrGroupFailsWithNogroup() {
    String noGroup = "NOGROUP No such key '" + key + "' or consumer group '" + GROUP + "'";
    assertThat(error(groups.claim(key, GROUP, BOB, NOW, ids("1-0"), ClaimArgs.NONE)))
        .isEqualTo(noGroup);
    add("1-0");
    assertThat(error(groups.claimJustId(key, GROUP, BOB, NOW, ids("1-0"), ClaimArgs.NONE)))
        .isEqualTo(noGroup);
  }

  @Test
  void claimMovesTheEntryCountsADeliveryAndResetsIdle() {
    createPending(ALICE, "1-0", "2-0");
    age(ALICE, "1-0", "2-0");
    assertThat(claim(BOB, HOUR, ClaimArgs.NONE, "1-0")).isEqualTo(entries("1-0"));
    assertThat(pending()).containsExactly("1-0 bob 2", "2-0 alice 1");
    assertNotAged("1-0");
    assertAged("2-0");
    assertThat(consumer(BOB).pending()).isEqualTo(1);
    assertThat(consumer(ALICE).pending()).isEqualTo(1);
  }

  @Test
  void claimAnswersInTheOrderOfTheIds() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    assertThat(claim(BOB, NOW, ClaimArgs.NONE, "3-0", "1-0")).isEqualTo(entries("3-0", "1-0"));
    assertThat(claimJustId(BOB, NOW, ClaimArgs.NONE, "3-0", "2-0")).isEqualTo(ids("3-0", "2-0"));
  }

  @Test
  void repeatedIdIsClaimedTwice() {
    createPending(ALICE, "1-0");
    assertThat(claim(BOB, NOW, ClaimArgs.NONE, "1-0", "1-0")).isEqualTo(entries("1-0", "1-0"));
    assertThat(pending()).containsExactly("1-0 bob 3");
  }

  @Test
  void whatIsNotIdleForLongEnoughStays() {
    createPending(ALICE, "1-0", "2-0");
    age(ALICE, "2-0");
    assertThat(claim(BOB, HOUR, ClaimArgs.NONE, "1-0", "2-0")).isEqualTo(entries("2-0"));
    assertThat(pending()).containsExactly("1-0 alice 1", "2-0 bob 2");
  }

  @Test
  @Rule(60)
  void claimTakesANegativeMinIdleForZero() {
    createPending(ALICE, "1-0");
    assertThat(claim(BOB, Duration.ofMillis(-5), ClaimArgs.NONE, "1-0")).hasSize(1);
  }

  @Test
  void whatIsNotPendingIsNotClaimed() {
    createPending(ALICE, "1-0");
    add("2-0");
    assertThat(claim(BOB, NOW, ClaimArgs.NONE, "2-0", "9-0")).isEmpty();
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  @Rule(41)
  void claimThatBringsNothingCreatesItsConsumer() {
    createPending(ALICE, "1-0");
    assertThat(claim(BOB, HOUR, ClaimArgs.NONE, "1-0")).isEmpty();
    if (has(Capability.CONSUMER_ALWAYS_CREATED)) {
      assertThat(consumers()).containsExactlyInAnyOrder(ALICE, BOB);
    } else {
      assertThat(consumers()).containsExactly(ALICE);
    }
  }

  @Test
  @Rule(61)
  void justIdDoesNotCountButResetsIdle() {
    createPending(ALICE, "1-0");
    age(ALICE, "1-0");
    assertThat(claimJustId(BOB, NOW, ClaimArgs.NONE, "1-0")).isEqualTo(ids("1-0"));
    assertThat(pending()).containsExactly("1-0 bob 1");
    assertNotAged("1-0");
  }

  @Test
  @Rule(61)
  void retryCountWinsWithJustIdToo() {
    createPending(ALICE, "1-0");
    assertThat(claim(BOB, NOW, ClaimArgs.retryCount(7), "1-0")).hasSize(1);
    assertThat(pending()).containsExactly("1-0 bob 7");
    assertThat(claimJustId(BOB, NOW, ClaimArgs.retryCount(3), "1-0")).hasSize(1);
    assertThat(pending()).containsExactly("1-0 bob 3");
    assertThat(claim(BOB, NOW, ClaimArgs.retryCount(0), "1-0")).hasSize(1);
    assertThat(pending()).containsExactly("1-0 bob 0");
  }

  @Test
  @Rule(61)
  void negativeRetryCountIsNone() {
    createPending(ALICE, "1-0");
    assertThat(claim(BOB, NOW, ClaimArgs.retryCount(-1), "1-0")).hasSize(1);
    assertThat(pending()).containsExactly("1-0 bob 2");
  }

  @Test
  void idleAndTimeSetTheLastDelivery() {
    createPending(ALICE, "1-0", "2-0");
    assertThat(claim(BOB, NOW, ClaimArgs.idle(HOUR), "1-0")).hasSize(1);
    assertAged("1-0");
    assertThat(claim(BOB, NOW, time(1), "2-0")).hasSize(1);
    assertAged("2-0");
  }

  @Test
  @Rule(62)
  void noEntryCanBeParkedIntoTheFuture() {
    createPending(ALICE, "1-0");
    long farFuture = 99_999_999_999_999L;
    for (ClaimArgs args :
        List.of(
            ClaimArgs.idle(HOUR.negated()),
            ClaimArgs.idle(Duration.ofMillis(farFuture)),
            time(farFuture),
            time(-5))) {
      age(BOB, "1-0");
      assertThat(claim(BOB, NOW, args, "1-0")).as(args.toString()).hasSize(1);
      assertNotAged("1-0");
    }
  }

  @Test
  @Rule(63)
  void forceCreatesThePendingEntryWhateverItsIdle() {
    createGroup();
    add("1-0", "2-0");
    assertThat(claim(ALICE, HOUR, ClaimArgs.forced(), "1-0")).isEqualTo(entries("1-0"));
    assertThat(claimJustId(BOB, HOUR, ClaimArgs.forced(), "2-0")).isEqualTo(ids("2-0"));
    assertThat(pending()).containsExactly("1-0 alice 2", "2-0 bob 1");
    assertThat(group().lastDeliveredId()).isEqualTo(EntryId.MIN);
  }

  @Test
  @Rule(63)
  void forceWantsAnEntryThatStands() {
    createGroup();
    add("1-0");
    assertThat(claim(ALICE, NOW, ClaimArgs.forced(), "9-0")).isEmpty();
    delete("1-0");
    assertThat(claim(ALICE, NOW, ClaimArgs.forced(), "1-0")).isEmpty();
    assertThat(claimJustId(ALICE, NOW, ClaimArgs.forced(), "1-0")).isEmpty();
    assertThat(pending()).isEmpty();
  }

  @Test
  @Rule(64)
  void lastIdOnlyAdvances() {
    createPending(ALICE, "1-0");
    assertThat(claim(BOB, HOUR, lastId("50-0"), "1-0")).isEmpty();
    assertThat(group().lastDeliveredId()).isEqualTo(id("50-0"));
    assertThat(claim(BOB, NOW, lastId("4-0"), "1-0")).hasSize(1);
    assertThat(group().lastDeliveredId()).isEqualTo(id("50-0"));
  }

  @Test
  @Rule(65)
  void deletedEntryIsLeftOutAndItsRowGoes() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    delete("1-0", "2-0");
    assertThat(claim(BOB, NOW, ClaimArgs.NONE, "1-0", "3-0")).isEqualTo(entries("3-0"));
    List<EntryId> claimed = claimJustId(BOB, NOW, ClaimArgs.NONE, "2-0", "3-0");
    if (has(Capability.CLAIM_DROPS_DELETED)) {
      assertThat(claimed).isEqualTo(ids("3-0"));
      assertThat(pending()).containsExactly("3-0 bob 2");
    } else {
      assertThat(claimed).isEqualTo(ids("2-0", "3-0"));
      assertThat(pending()).containsExactly("1-0 bob 2", "2-0 bob 1", "3-0 bob 2");
    }
  }

  @Test
  @Rule(42)
  void claimMakesItsConsumerActive() {
    createPending(ALICE, "1-0");
    run(groups.createConsumer(key, GROUP, BOB));
    assertThat(consumer(BOB).inactive()).isNull();
    assertThat(claimJustId(BOB, NOW, ClaimArgs.NONE, "1-0")).hasSize(1);
    @Nullable Duration inactive = consumer(BOB).inactive();
    if (has(Capability.INACTIVE)) {
      assertThat(inactive).isNotNull().isLessThan(HOUR);
    } else {
      assertThat(inactive).isNull();
    }
  }

  @Test
  @Rule(71)
  void claimRefusesAKeyOfAnotherType() {
    fixture.putString(key);
    assertThat(errorOf(groups.claim(key, GROUP, BOB, NOW, ids("1-0"), ClaimArgs.NONE)).code())
        .isEqualTo("WRONGTYPE");
  }
}
