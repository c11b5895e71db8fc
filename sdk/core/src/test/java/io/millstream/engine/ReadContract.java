package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.ReadArgs.StreamOffset;
import io.millstream.testing.Capability;
import io.millstream.testing.Rule;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** XREADGROUP that does not block: rules 29 to 42. */
abstract class ReadContract extends EngineContract {
  ReadContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private String noGroup(String stream, String group) {
    return "NOGROUP No such key '"
        + stream
        + "' or consumer group '"
        + group
        + "' in XREADGROUP with GROUP option";
  }

  private Mono<List<StreamEntries>> reading(String stream, String group) {
    return reader().read(ReadArgs.fresh(stream, group, ALICE, 10, null));
  }

  private Mono<List<StreamEntries>> readingAll(@Nullable Duration block, StreamOffset... offsets) {
    return reader().read(new ReadArgs(GROUP, ALICE, 10L, block, false, List.of(offsets)));
  }

  @Test
  @Rule(29)
  void readOfAMissingKeyOrGroupFailsWithNogroup() {
    assertThat(error(reading(key, GROUP))).isEqualTo(noGroup(key, GROUP));
    createGroup();
    assertThat(error(reading(key, "none"))).isEqualTo(noGroup(key, "none"));
    assertThat(error(reader().read(ReadArgs.history(key, "none", ALICE, "0", null))))
        .isEqualTo(noGroup(key, "none"));
  }

  @Test
  @Rule(29)
  void nothingIsDeliveredWhenOneOfTheKeysIsMissing() {
    String missing = fixture.key();
    createGroup();
    add("1-0");
    assertThat(error(readingAll(null, StreamOffset.fresh(key), StreamOffset.fresh(missing))))
        .isEqualTo(noGroup(missing, GROUP));
    assertThat(pending()).isEmpty();
    assertThat(readFresh(ALICE, 10)).isEqualTo(entries("1-0"));
  }

  @Test
  void readerIsStillGoodAfterAnError() {
    assertThat(errorOf(reading(key, GROUP)).is("NOGROUP")).isTrue();
    createGroup();
    add("1-0");
    assertThat(readFresh(ALICE, 10)).isEqualTo(entries("1-0"));
  }

  @Test
  @Rule(30)
  void dollarIsMeaningless() {
    createGroup();
    assertThat(error(readingAll(null, new StreamOffset(key, "$"))))
        .startsWith("ERR The $ ID is meaningless in the context of XREADGROUP: ");
  }

  @Test
  @Rule(6)
  void readRefusesAMalformedId() {
    createGroup();
    assertThat(error(readingAll(null, new StreamOffset(key, "abc"))))
        .isEqualTo("ERR Invalid stream ID specified as stream command argument");
  }

  @Test
  @Rule(31)
  void negativeTimeoutIsRefused() {
    createGroup();
    assertThat(error(readingAll(Duration.ofMillis(-1), StreamOffset.fresh(key))))
        .isEqualTo("ERR timeout is negative");
  }

  @Test
  @Rule(33)
  void countOfZeroOrLessIsUnlimited() {
    createGroup();
    add("1-0", "2-0", "3-0");
    assertThat(readFresh(ALICE, 0)).hasSize(3);
    run(groups.setId(key, GROUP, "0", null));
    assertThat(readFresh(ALICE, -5)).hasSize(3);
    run(groups.setId(key, GROUP, "0", null));
    assertThat(
            read(new ReadArgs(GROUP, ALICE, null, null, false, List.of(StreamOffset.fresh(key)))))
        .isEqualTo(entries("1-0", "2-0", "3-0"));
  }

  @Test
  void severalEntriesOfOneReplyStaySeveral() {
    createGroup();
    add("1-0", "2-0", "3-0");
    assertThat(readFresh(ALICE, 10)).isEqualTo(entries("1-0", "2-0", "3-0"));
    assertThat(pending()).containsExactly("1-0 alice 1", "2-0 alice 1", "3-0 alice 1");
  }

  @Test
  @Rule(33)
  void countIsPerStream() {
    String second = fixture.key();
    createGroup();
    createGroup(second);
    add("1-0", "2-0", "3-0");
    addTo(second, "1-0", "2-0", "3-0");
    List<StreamEntries> replies =
        get(
            reader()
                .read(
                    new ReadArgs(
                        GROUP,
                        ALICE,
                        2L,
                        null,
                        false,
                        List.of(StreamOffset.fresh(key), StreamOffset.fresh(second)))));
    assertThat(replies)
        .containsExactly(
            new StreamEntries(key, entries("1-0", "2-0")),
            new StreamEntries(second, entries("1-0", "2-0")));
  }

  @Test
  @Rule(34)
  void nothingNewIsNil() {
    createGroup();
    assertNil(reading(key, GROUP));
  }

  @Test
  @Rule(34)
  void streamsWithoutAnythingNewAreLeftOut() {
    String second = fixture.key();
    String third = fixture.key();
    createGroup();
    createGroup(second);
    createGroup(third);
    addTo(second, "1-0");
    assertThat(
            get(
                readingAll(
                    null,
                    StreamOffset.fresh(key),
                    StreamOffset.fresh(second),
                    StreamOffset.fresh(third))))
        .containsExactly(new StreamEntries(second, entries("1-0")));
  }

  @Test
  @Rule(35)
  void historyIsOnesOwnPendingEntriesAfterTheId() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    add("4-0");
    assertThat(readFresh(BOB, 10)).isEqualTo(entries("4-0"));
    assertThat(read(ReadArgs.history(key, GROUP, ALICE, "0", null)))
        .isEqualTo(entries("1-0", "2-0", "3-0"));
    assertThat(read(ReadArgs.history(key, GROUP, ALICE, "1-0", null)))
        .isEqualTo(entries("2-0", "3-0"));
    assertThat(read(ReadArgs.history(key, GROUP, ALICE, "1-0", 1L))).isEqualTo(entries("2-0"));
    assertThat(read(ReadArgs.history(key, GROUP, BOB, "0", null))).isEqualTo(entries("4-0"));
  }

  @Test
  @Rule(35)
  void emptyHistoryIsAnsweredAtOnceAndIsNotNil() {
    createGroup();
    assertThat(get(readingAll(LONG_BLOCK, new StreamOffset(key, "0"))))
        .containsExactly(new StreamEntries(key, List.of()));
  }

  @Test
  @Rule(35)
  void historyBesideNewEntriesKeepsTheReadFromBlocking() {
    String second = fixture.key();
    createGroup();
    createGroup(second);
    assertThat(get(readingAll(LONG_BLOCK, StreamOffset.fresh(key), new StreamOffset(second, "0"))))
        .containsExactly(new StreamEntries(second, List.of()));
  }

  @Test
  @Rule(36)
  void historyReadCountsADeliveryAndResetsIdleOfWhatItReturns() {
    createPending(ALICE, "1-0", "2-0");
    age(ALICE, "1-0", "2-0");
    assertThat(read(ReadArgs.history(key, GROUP, ALICE, "0", 1L))).isEqualTo(entries("1-0"));
    assertThat(pending()).containsExactly("1-0 alice 2", "2-0 alice 1");
    assertNotAged("1-0");
    assertAged("2-0");
  }

  @Test
  @Rule(37)
  void deletedEntryInHistoryHasNoFieldsAndIsNotCounted() {
    createPending(ALICE, "1-0", "2-0");
    age(ALICE, "1-0", "2-0");
    delete("1-0");
    assertThat(read(ReadArgs.history(key, GROUP, ALICE, "0", null)))
        .containsExactly(deleted("1-0"), entry("2-0"));
    assertThat(pending()).containsExactly("1-0 alice 1", "2-0 alice 2");
    assertAged("1-0");
    assertNotAged("2-0");
  }

  @Test
  @Rule(38)
  void firstDeliveryHasCountOneAndNoIdle() {
    createPending(ALICE, "1-0");
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertNotAged("1-0");
    assertThat(group().lastDeliveredId()).isEqualTo(id("1-0"));
  }

  @Test
  @Rule(39)
  void deliveryAfterSetIdBackwardsMovesTheEntryAndResetsItsCount() {
    createPending(ALICE, "1-0", "2-0");
    assertThat(read(ReadArgs.history(key, GROUP, ALICE, "0", null))).hasSize(2);
    age(ALICE, "1-0", "2-0");
    run(groups.setId(key, GROUP, "0", null));
    assertThat(readFresh(BOB, 1)).isEqualTo(entries("1-0"));
    assertThat(pending()).containsExactly("1-0 bob 1", "2-0 alice 2");
    assertNotAged("1-0");
    assertThat(consumer(ALICE).pending()).isEqualTo(1);
  }

  @Test
  @Rule(40)
  void noAckLeavesNothingPendingAndAdvancesTheGroup() {
    createGroup();
    add("1-0", "2-0");
    ReadArgs noAck = new ReadArgs(GROUP, ALICE, 1L, null, true, List.of(StreamOffset.fresh(key)));
    assertThat(read(noAck)).isEqualTo(entries("1-0"));
    assertThat(pending()).isEmpty();
    assertThat(group().lastDeliveredId()).isEqualTo(id("1-0"));
    assertThat(read(noAck)).isEqualTo(entries("2-0"));
  }

  @Test
  @Rule(41)
  void readThatBringsNothingCreatesItsConsumer() {
    createGroup();
    assertNil(reading(key, GROUP));
    if (has(Capability.CONSUMER_ALWAYS_CREATED)) {
      assertThat(consumers()).containsExactly(ALICE);
    } else {
      assertThat(consumers()).isEmpty();
    }
  }

  @Test
  void entryGoesToOneConsumerOnly() {
    createGroup();
    add("1-0", "2-0");
    assertThat(readFresh(ALICE, 1)).isEqualTo(entries("1-0"));
    assertThat(readFresh(BOB, 10)).isEqualTo(entries("2-0"));
    assertThat(readFresh(ALICE, 10)).isEmpty();
  }

  @Test
  void deletedEntriesAreNotDelivered() {
    createGroup();
    add("1-0", "2-0", "3-0");
    delete("1-0", "2-0");
    assertThat(readFresh(ALICE, 1)).isEqualTo(entries("3-0"));
  }

  @Test
  void othersSeeWhatOneEngineDid() {
    createPending(ALICE, "1-0");
    add("2-0");
    Reader others = openReader(fixture.other());
    assertThat(get(others.read(ReadArgs.fresh(key, GROUP, BOB, 10, null))))
        .containsExactly(new StreamEntries(key, entries("2-0")));
    assertThat(pending()).containsExactly("1-0 alice 1", "2-0 bob 1");
  }

  @Test
  @Rule(71)
  void readRefusesAKeyOfAnotherType() {
    fixture.putString(key);
    assertThat(errorOf(reading(key, GROUP)).code()).isEqualTo("WRONGTYPE");
  }
}
