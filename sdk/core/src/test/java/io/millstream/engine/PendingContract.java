package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.entry.EntryId;
import io.millstream.testing.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** XACK and XPENDING: rules 55 to 59. */
abstract class PendingContract extends EngineContract {
  PendingContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private List<EntryId> rows(PendingArgs args) {
    return get(groups.pending(key, GROUP, args)).stream().map(PendingEntry::id).toList();
  }

  @Test
  @Rule(55)
  void ackOnAMissingKeyOrGroupIsZero() {
    assertThat(get(groups.ack(key, GROUP, ids("1-0")))).isZero();
    add("1-0");
    assertThat(get(groups.ack(key, GROUP, ids("1-0")))).isZero();
  }

  @Test
  @Rule(56)
  void ackCountsWhatWasPending() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    assertThat(get(groups.ack(key, GROUP, ids("1-0", "1-0", "3-0", "9-0")))).isEqualTo(2);
    assertThat(get(groups.ack(key, GROUP, ids("1-0")))).isZero();
    assertThat(pending()).containsExactly("2-0 alice 1");
    assertThat(standing(key)).isEqualTo(ids("1-0", "2-0", "3-0"));
  }

  @Test
  @Rule(56)
  void ackCountsDeletedEntries() {
    createPending(ALICE, "1-0", "2-0");
    delete("1-0");
    assertThat(get(groups.ack(key, GROUP, ids("1-0")))).isEqualTo(1);
    assertThat(pending()).containsExactly("2-0 alice 1");
  }

  @Test
  void ackIsNotBoundToAConsumer() {
    createPending(ALICE, "1-0");
    assertThat(get(fixture.other().groups().ack(key, GROUP, ids("1-0")))).isEqualTo(1);
    assertThat(pending()).isEmpty();
    assertThat(consumer(ALICE).pending()).isZero();
  }

  @Test
  @Rule(57)
  void pendingOnAMissingKeyOrGroupFailsWithNogroup() {
    String noGroup = "NOGROUP No such key '" + key + "' or consumer group '" + GROUP + "'";
    assertThat(error(groups.pending(key, GROUP))).isEqualTo(noGroup);
    add("1-0");
    assertThat(error(groups.pending(key, GROUP))).isEqualTo(noGroup);
    assertThat(error(groups.pending(key, GROUP, PendingArgs.all(1)))).isEqualTo(noGroup);
  }

  @Test
  @Rule(58)
  void summaryLeavesOutConsumersWithoutPendingEntries() {
    createPending(ALICE, "1-0", "2-0");
    add("3-0");
    assertThat(readFresh(BOB, 10)).hasSize(1);
    run(groups.createConsumer(key, GROUP, "idle"));
    assertThat(get(groups.pending(key, GROUP)))
        .isEqualTo(new PendingSummary(3, id("1-0"), id("3-0"), Map.of(ALICE, 2L, BOB, 1L)));
    run(groups.ack(key, GROUP, ids("1-0", "2-0")));
    assertThat(get(groups.pending(key, GROUP)))
        .isEqualTo(new PendingSummary(1, id("3-0"), id("3-0"), Map.of(BOB, 1L)));
  }

  @Test
  @Rule(58)
  void summaryOfNothingHasNoIds() {
    createGroup();
    assertThat(get(groups.pending(key, GROUP)))
        .isEqualTo(new PendingSummary(0, null, null, Map.of()));
  }

  @Test
  @Rule(59)
  void rangeOfAnUnknownConsumerOrWithoutACountIsEmpty() {
    createPending(ALICE, "1-0");
    assertThat(rows(PendingArgs.of("nobody", "-", "+", 10))).isEmpty();
    assertThat(rows(PendingArgs.all(0))).isEmpty();
    assertThat(rows(PendingArgs.all(-3))).isEmpty();
  }

  @Test
  @Rule(59)
  void rangeListsRowsInOrderOfTheirIds() {
    createPending(ALICE, "1-0", "2-0", "2-1", "3-0");
    assertThat(rows(PendingArgs.all(10))).isEqualTo(ids("1-0", "2-0", "2-1", "3-0"));
    assertThat(rows(PendingArgs.all(2))).isEqualTo(ids("1-0", "2-0"));
    assertThat(rows(new PendingArgs(null, "2", "2", 10, null))).isEqualTo(ids("2-0", "2-1"));
    assertThat(rows(new PendingArgs(null, "(2-0", "(3-0", 10, null))).isEqualTo(ids("2-1"));
    assertThat(rows(new PendingArgs(null, "3", "1", 10, null))).isEmpty();
  }

  @Test
  @Rule(59)
  void rangeMayBeOfOneConsumer() {
    createGroup();
    add("1-0", "2-0", "3-0");
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    assertThat(readFresh(BOB, 1)).hasSize(1);
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    assertThat(rows(PendingArgs.of(ALICE, "-", "+", 10))).isEqualTo(ids("1-0", "3-0"));
    assertThat(rows(PendingArgs.of(ALICE, "2-0", "+", 10))).isEqualTo(ids("3-0"));
    assertThat(rows(PendingArgs.of(BOB, "-", "+", 10))).isEqualTo(ids("2-0"));
  }

  @Test
  @Rule(59)
  void idleKeepsWhatIsOldAndWhatItSkipsDoesNotUseTheCount() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    age(ALICE, "3-0");
    assertThat(rows(new PendingArgs(HOUR, "-", "+", 1, null))).isEqualTo(ids("3-0"));
    assertThat(rows(new PendingArgs(HOUR, "-", "+", 1, ALICE))).isEqualTo(ids("3-0"));
    assertThat(rows(new PendingArgs(HOUR.multipliedBy(2), "-", "+", 10, null))).isEmpty();
    assertThat(rows(new PendingArgs(Duration.ZERO, "-", "+", 10, null))).hasSize(3);
  }

  @Test
  @Rule(59)
  void deletedEntriesAreListed() {
    createPending(ALICE, "1-0", "2-0");
    delete("1-0");
    run(streams.trim(key, TrimArgs.maxLength(0)));
    assertThat(pending()).containsExactly("1-0 alice 1", "2-0 alice 1");
    assertThat(get(groups.pending(key, GROUP)).count()).isEqualTo(2);
  }

  @Test
  @Rule({6, 20})
  void pendingRefusesAMalformedBound() {
    createGroup();
    String last = "18446744073709551615-18446744073709551615";
    assertThat(error(groups.pending(key, GROUP, new PendingArgs(null, "abc", "+", 10, null))))
        .isEqualTo("ERR Invalid stream ID specified as stream command argument");
    assertThat(error(groups.pending(key, GROUP, new PendingArgs(null, "(" + last, "+", 10, null))))
        .isEqualTo("ERR invalid start ID for the interval");
    assertThat(error(groups.pending(key, GROUP, new PendingArgs(null, "-", "(0-0", 10, null))))
        .isEqualTo("ERR invalid end ID for the interval");
  }

  @Test
  void idleGrowsFromTheTimeThatWasSet() {
    createPending(ALICE, "1-0");
    age(ALICE, "1-0");
    Duration before = idleOf("1-0");
    await("idle grows", () -> idleOf("1-0").compareTo(before) > 0);
    assertThat(idleOf("1-0")).isBetween(HOUR, HOUR.plusMinutes(1));
  }

  @Test
  @Rule(71)
  void ackAndPendingRefuseAKeyOfAnotherType() {
    fixture.putString(key);
    List<Mono<?>> calls =
        List.of(
            groups.ack(key, GROUP, ids("1-0")),
            groups.pending(key, GROUP),
            groups.pending(key, GROUP, PendingArgs.all(1)));
    for (Mono<?> call : calls) {
      assertThat(errorOf(call).code()).isEqualTo("WRONGTYPE");
    }
  }
}
