package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.ReadArgs.StreamOffset;
import io.millstream.entry.EntryId;
import io.millstream.testing.Capability;
import io.millstream.testing.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** XINFO: rules 18, 42, 68 and 69. */
abstract class InfoContract extends EngineContract {
  private static final Duration A_WHILE = Duration.ofMillis(20);

  InfoContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  /** Of the test's group: {@code [entries read, lag]}, where the server tells them. */
  private void assertReadAndLag(@Nullable Long read, @Nullable Long lag) {
    GroupInfo group = group();
    assertThat(group.entriesRead()).as("entries read").isEqualTo(has(Capability.LAG) ? read : null);
    assertThat(group.lag()).as("lag").isEqualTo(has(Capability.LAG) ? lag : null);
  }

  @Test
  @Rule(69)
  void missingKeyIsAnError() {
    List<Mono<?>> calls =
        List.of(streams.info(key), groups.infoGroups(key), groups.infoConsumers(key, GROUP));
    for (Mono<?> call : calls) {
      assertThat(error(call)).isEqualTo("ERR no such key");
    }
  }

  @Test
  @Rule(69)
  void missingGroupIsAnError() {
    add("1-0");
    assertThat(error(groups.infoConsumers(key, "none")))
        .isEqualTo("NOGROUP No such consumer group 'none' for key name '" + key + "'");
    assertThat(get(groups.infoGroups(key))).isEmpty();
  }

  @Test
  void streamTellsItsLengthItsIdsAndItsEnds() {
    add("1-0", "2-0", "3-0");
    delete("3-0");
    createGroup();
    boolean counts = has(Capability.LAG);
    assertThat(get(streams.info(key)))
        .isEqualTo(
            new StreamInfo(
                2,
                id("3-0"),
                counts ? id("3-0") : null,
                counts ? 3L : null,
                1,
                entry("1-0"),
                entry("2-0")));
  }

  @Test
  void emptyStreamHasNoEnds() {
    createGroup();
    boolean counts = has(Capability.LAG);
    assertThat(get(streams.info(key)))
        .isEqualTo(
            new StreamInfo(
                0, EntryId.MIN, counts ? EntryId.MIN : null, counts ? 0L : null, 1, null, null));
  }

  @Test
  void groupTellsItsConsumersAndItsPendingEntries() {
    createPending(ALICE, "1-0", "2-0");
    run(groups.createConsumer(key, GROUP, BOB));
    run(groups.ack(key, GROUP, ids("1-0")));
    GroupInfo group = group();
    assertThat(group.consumers()).isEqualTo(2);
    assertThat(group.pending()).isEqualTo(1);
    assertThat(group.lastDeliveredId()).isEqualTo(id("2-0"));
    assertThat(consumer(ALICE).pending()).isEqualTo(1);
    assertThat(consumer(BOB).pending()).isZero();
  }

  @Test
  @Rule(68)
  void lagOfAStreamThatNeverHadAnythingIsZero() {
    createGroup();
    assertReadAndLag(null, 0L);
  }

  @Test
  @Rule(68)
  void lagIsWhatTheGroupHasNotRead() {
    createGroup();
    add("1-0", "2-0", "3-0");
    assertReadAndLag(null, 3L);
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    assertReadAndLag(1L, 2L);
    assertThat(readFresh(ALICE, 10)).hasSize(2);
    assertReadAndLag(3L, 0L);
  }

  @Test
  @Rule(68)
  void lagIsUnknownWhileADeletedEntryLiesAhead() {
    createGroup();
    add("1-0", "2-0", "3-0", "4-0");
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    delete("3-0");
    assertReadAndLag(1L, null);
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    assertReadAndLag(null, null);
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    assertReadAndLag(4L, 0L);
  }

  @Test
  @Rule(68)
  void lagIsUnknownForAGroupThatStartedInTheMiddle() {
    add("1-0", "2-0", "3-0");
    run(groups.create(key, GROUP, CreateArgs.from("2-0")));
    assertReadAndLag(null, null);
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    assertReadAndLag(3L, 0L);
  }

  @Test
  @Rule(68)
  void lagOfAGroupThatStartedAtTheEndIsZero() {
    add("1-0", "2-0");
    run(groups.create(key, GROUP, CreateArgs.from("$")));
    assertReadAndLag(null, 0L);
    add("3-0");
    assertReadAndLag(null, null);
  }

  @Test
  @Rule(68)
  void lagIsTheLengthWhenEverythingThatStandsIsAheadOfGroupAndTombstones() {
    add("1-0", "2-0", "3-0");
    createGroup();
    delete("2-0");
    assertReadAndLag(null, null);
    run(streams.trim(key, TrimArgs.minId("3")));
    assertReadAndLag(null, 1L);
  }

  @Test
  @Rule(68)
  void lagOfAnEmptiedStream() {
    createGroup();
    add("1-0", "2-0", "3-0");
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    delete("2-0", "3-0", "1-0");
    assertReadAndLag(1L, has(Capability.EMPTIED_HAS_NO_LAG) ? 0L : 2L);
  }

  @Test
  @Rule(42)
  void attemptsOfAConsumerAreSeen() {
    createPending(ALICE, "1-0");
    await("idle grows", () -> consumer(ALICE).idle().compareTo(A_WHILE) >= 0);
    Duration before = consumer(ALICE).idle();
    assertThat(readFresh(ALICE, 1)).isEmpty();
    if (has(Capability.CONSUMER_ALWAYS_CREATED)) {
      assertThat(consumer(ALICE).idle()).isLessThan(before);
    } else {
      assertThat(consumer(ALICE).idle()).isGreaterThanOrEqualTo(before);
      add("2-0");
      assertThat(readFresh(ALICE, 1)).hasSize(1);
      assertThat(consumer(ALICE).idle()).isLessThan(before);
    }
  }

  @Test
  @Rule(42)
  void onlyWhatBringsSomethingMakesAConsumerActive() {
    createGroup();
    run(groups.createConsumer(key, GROUP, ALICE));
    assertThat(consumer(ALICE).inactive()).isNull();
    assertThat(readFresh(ALICE, 1)).isEmpty();
    assertThat(consumer(ALICE).inactive()).isNull();
    add("1-0");
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    if (has(Capability.INACTIVE)) {
      assertThat(consumer(ALICE).inactive()).isNotNull();
    } else {
      assertThat(consumer(ALICE).inactive()).isNull();
    }
  }

  @Test
  @Rule(42)
  void historyReadDoesNotMakeAConsumerActive() {
    createPending(ALICE, "1-0");
    if (has(Capability.INACTIVE)) {
      await("inactive grows", () -> inactiveOf(ALICE).compareTo(A_WHILE) >= 0);
    }
    assertThat(read(ReadArgs.history(key, GROUP, ALICE, "0", null))).hasSize(1);
    if (has(Capability.INACTIVE)) {
      assertThat(inactiveOf(ALICE)).isGreaterThanOrEqualTo(A_WHILE);
    } else {
      assertThat(consumer(ALICE).inactive()).isNull();
    }
  }

  @Test
  @Rule(42)
  void readWithNoAckDoesNotMakeAConsumerActive() {
    createGroup();
    add("1-0");
    assertThat(read(new ReadArgs(GROUP, ALICE, 1L, null, true, List.of(StreamOffset.fresh(key)))))
        .hasSize(1);
    assertThat(consumer(ALICE).inactive()).isNull();
  }

  private Duration inactiveOf(String consumer) {
    return Objects.requireNonNull(consumer(consumer).inactive());
  }

  @Test
  @Rule(71)
  void infoRefusesAKeyOfAnotherType() {
    fixture.putString(key);
    assertThat(errorOf(groups.infoGroups(key)).code()).isEqualTo("WRONGTYPE");
    assertThat(errorOf(groups.infoConsumers(key, GROUP)).code()).isEqualTo("WRONGTYPE");
  }
}
