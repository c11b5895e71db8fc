package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.testing.Capability;
import io.millstream.testing.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** XAUTOCLAIM: rules 41, 57, 66 and 67. */
abstract class AutoClaimContract extends EngineContract {
  AutoClaimContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private AutoClaimed<Entry> claim(Duration minIdle, String start, @Nullable Long count) {
    return get(groups.autoClaim(key, GROUP, BOB, minIdle, id(start), count));
  }

  private AutoClaimed<EntryId> claimJustId(Duration minIdle, String start, @Nullable Long count) {
    return get(groups.autoClaimJustId(key, GROUP, BOB, minIdle, id(start), count));
  }

  private void createManyPending(int count) {
    createGroup();
    Flux.range(1, count)
        .concatMap(i -> streams.add(key, fieldsOf(i + "-0"), AddArgs.id(i + "-0")))
        .blockLast(PATIENCE);
    assertThat(readFresh(ALICE, count)).hasSize(count);
  }

  @Test
  @Rule(57)
  void autoClaimOnAMissingKeyOrGroupFailsWithNogroup() {
    String noGroup = "NOGROUP No such key '" + key + "' or consumer group '" + GROUP + "'";
    assertThat(error(groups.autoClaim(key, GROUP, BOB, NOW, EntryId.MIN, null))).isEqualTo(noGroup);
    add("1-0");
    assertThat(error(groups.autoClaimJustId(key, GROUP, BOB, NOW, EntryId.MIN, null)))
        .isEqualTo(noGroup);
  }

  @Test
  void claimsWhatIsIdleForLongEnough() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    age(ALICE, "1-0", "3-0");
    AutoClaimed<Entry> answer = claim(HOUR, "0-0", null);
    assertThat(answer).isEqualTo(new AutoClaimed<>(EntryId.MIN, entries("1-0", "3-0"), List.of()));
    assertThat(answer.complete()).isTrue();
    assertThat(pending()).containsExactly("1-0 bob 2", "2-0 alice 1", "3-0 bob 2");
    assertNotAged("1-0", "3-0");
  }

  @Test
  @Rule(61)
  void justIdDoesNotCount() {
    createPending(ALICE, "1-0", "2-0");
    age(ALICE, "1-0", "2-0");
    assertThat(claimJustId(HOUR, "0-0", null))
        .isEqualTo(new AutoClaimed<>(EntryId.MIN, ids("1-0", "2-0"), List.of()));
    assertThat(pending()).containsExactly("1-0 bob 1", "2-0 bob 1");
    assertNotAged("1-0", "2-0");
  }

  @Test
  void claimsFromItselfToo() {
    createPending(BOB, "1-0");
    assertThat(claimJustId(NOW, "0-0", null).claimed()).isEqualTo(ids("1-0"));
  }

  @Test
  @Rule(60)
  void autoClaimTakesANegativeMinIdleForZero() {
    createPending(ALICE, "1-0");
    assertThat(claim(Duration.ofMillis(-5), "0-0", null).claimed()).hasSize(1);
  }

  @Test
  @Rule(66)
  void countIsAHundredUnlessGiven() {
    createManyPending(150);
    AutoClaimed<EntryId> first = claimJustId(NOW, "0-0", null);
    assertThat(first.claimed()).hasSize(100);
    assertThat(first.cursor()).isEqualTo(id("101-0"));
    AutoClaimed<EntryId> second = claimJustId(NOW, "101-0", null);
    assertThat(second.claimed()).hasSize(50);
    assertThat(second.complete()).isTrue();
  }

  @Test
  @Rule(66)
  void countBelowOneIsRefused() {
    createPending(ALICE, "1-0");
    for (long count : new long[] {0, -1}) {
      assertThat(error(groups.autoClaim(key, GROUP, BOB, NOW, EntryId.MIN, count)))
          .isEqualTo("ERR COUNT must be > 0");
    }
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  @Rule(67)
  void cursorIsTheNextPendingId() {
    createPending(ALICE, "1-0", "2-0", "5-0");
    assertThat(claim(NOW, "0-0", 1L))
        .isEqualTo(new AutoClaimed<>(id("2-0"), entries("1-0"), List.of()));
    assertThat(claim(NOW, "2-0", 1L))
        .isEqualTo(new AutoClaimed<>(id("5-0"), entries("2-0"), List.of()));
    assertThat(claim(NOW, "5-0", 1L))
        .isEqualTo(new AutoClaimed<>(EntryId.MIN, entries("5-0"), List.of()));
    assertThat(claim(NOW, "5-1", 1L).claimed()).isEmpty();
  }

  @Test
  @Rule({66, 67})
  void scanEndsAfterTenTimesTheCountEvenIfItClaimedNothing() {
    createManyPending(25);
    age(ALICE, "23-0");
    AutoClaimed<EntryId> first = claimJustId(HOUR, "0-0", 1L);
    assertThat(first).isEqualTo(new AutoClaimed<>(id("11-0"), List.of(), List.of()));
    assertThat(first.complete()).isFalse();
    assertThat(claimJustId(HOUR, "11-0", 1L).cursor()).isEqualTo(id("21-0"));
    assertThat(claimJustId(HOUR, "21-0", 1L))
        .isEqualTo(new AutoClaimed<>(id("24-0"), ids("23-0"), List.of()));
  }

  @Test
  @Rule(67)
  void carriedCursorReachesEveryEntryOnce() {
    createManyPending(37);
    List<EntryId> claimed = new ArrayList<>();
    EntryId cursor = EntryId.MIN;
    do {
      AutoClaimed<EntryId> page = claimJustId(NOW, cursor.toString(), 5L);
      claimed.addAll(page.claimed());
      cursor = page.cursor();
    } while (!cursor.equals(EntryId.MIN));
    assertThat(claimed)
        .isEqualTo(IntStream.rangeClosed(1, 37).mapToObj(i -> new EntryId(i, 0)).toList());
  }

  @Test
  @Rule(66)
  void deletedEntriesAreNamedAndTheirRowsGo() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    delete("1-0", "3-0");
    AutoClaimed<EntryId> answer = claimJustId(NOW, "0-0", null);
    if (has(Capability.XAUTOCLAIM_DELETED)) {
      assertThat(answer).isEqualTo(new AutoClaimed<>(EntryId.MIN, ids("2-0"), ids("1-0", "3-0")));
      assertThat(pending()).containsExactly("2-0 bob 1");
    } else {
      assertThat(answer)
          .isEqualTo(new AutoClaimed<>(EntryId.MIN, ids("1-0", "2-0", "3-0"), List.of()));
      assertThat(pending()).containsExactly("1-0 bob 1", "2-0 bob 1", "3-0 bob 1");
    }
  }

  @Test
  @Rule(66)
  void deletedEntriesAreNotAmongTheClaimedOnes() {
    createPending(ALICE, "1-0", "2-0");
    delete("1-0");
    AutoClaimed<Entry> answer = claim(NOW, "0-0", null);
    assertThat(answer.claimed()).isEqualTo(entries("2-0"));
    assertThat(answer.deleted())
        .isEqualTo(has(Capability.XAUTOCLAIM_DELETED) ? ids("1-0") : List.of());
  }

  @Test
  @Rule(66)
  void deletedEntriesUseTheCount() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    delete("1-0");
    AutoClaimed<EntryId> answer = claimJustId(NOW, "0-0", 1L);
    assertThat(answer.cursor()).isEqualTo(id("2-0"));
    if (has(Capability.XAUTOCLAIM_DELETED)) {
      assertThat(answer.claimed()).isEmpty();
      assertThat(answer.deleted()).isEqualTo(ids("1-0"));
    } else {
      assertThat(answer.claimed()).isEqualTo(ids("1-0"));
      assertThat(answer.deleted()).isEmpty();
    }
  }

  @Test
  @Rule(41)
  void autoClaimThatBringsNothingCreatesItsConsumer() {
    createPending(ALICE, "1-0");
    assertThat(claim(HOUR, "0-0", null).claimed()).isEmpty();
    if (has(Capability.CONSUMER_ALWAYS_CREATED)) {
      assertThat(consumers()).containsExactlyInAnyOrder(ALICE, BOB);
      assertThat(consumer(BOB).inactive()).isNull();
    } else {
      assertThat(consumers()).containsExactly(ALICE);
    }
  }

  @Test
  void emptyListIsAnsweredAtOnce() {
    createGroup();
    assertThat(claim(NOW, "0-0", null))
        .isEqualTo(new AutoClaimed<>(EntryId.MIN, List.of(), List.of()));
    assertThat(claimJustId(NOW, "7-0", 1L))
        .isEqualTo(new AutoClaimed<>(EntryId.MIN, List.of(), List.of()));
  }

  @Test
  @Rule(71)
  void autoClaimRefusesAKeyOfAnotherType() {
    fixture.putString(key);
    assertThat(errorOf(groups.autoClaim(key, GROUP, BOB, NOW, EntryId.MIN, null)).code())
        .isEqualTo("WRONGTYPE");
  }
}
