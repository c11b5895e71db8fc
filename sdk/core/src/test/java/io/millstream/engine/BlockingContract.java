package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.ReadArgs.StreamOffset;
import io.millstream.testing.Capability;
import io.millstream.testing.Rule;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** XREADGROUP that blocks, and what a {@link Reader} promises: rules 27, 41, 44 to 54. */
abstract class BlockingContract extends EngineContract {
  private static final Duration SHORT_BLOCK = Duration.ofMillis(50);

  BlockingContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private record Read(Reader reader, CompletableFuture<Optional<List<StreamEntries>>> reply) {
    /** What came, or nothing for nil. */
    Optional<List<StreamEntries>> await() throws Exception {
      return reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    RedisException awaitError() throws Exception {
      try {
        throw new AssertionError("no error but " + await());
      } catch (ExecutionException e) {
        return (RedisException) Objects.requireNonNull(e.getCause());
      }
    }
  }

  private static Read start(Reader reader, ReadArgs args) {
    return new Read(
        reader, reader.read(args).map(Optional::of).defaultIfEmpty(Optional.empty()).toFuture());
  }

  private ReadArgs args(
      String consumer, @Nullable Long count, @Nullable Duration block, String... keys) {
    List<StreamOffset> offsets = Arrays.stream(keys).map(StreamOffset::fresh).toList();
    return new ReadArgs(GROUP, consumer, count, block, false, offsets);
  }

  private Read start(String consumer, @Nullable Long count, Duration block, String... keys) {
    return start(openReader(), args(consumer, count, block, keys));
  }

  private void assertBrought(Read read, String stream, String... ids) throws Exception {
    assertThat(read.await()).contains(List.of(new StreamEntries(stream, entries(ids))));
  }

  private String noGroup(String stream) {
    return "NOGROUP No such key '"
        + stream
        + "' or consumer group '"
        + GROUP
        + "' in XREADGROUP with GROUP option";
  }

  @Test
  void blockedReadGetsAnEntryWhenItArrives() throws Exception {
    createGroup();
    Read read = start(ALICE, null, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    add("1-0");
    assertBrought(read, key, "1-0");
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void blockedReadWakesForAnEntryOfAnotherEngine() throws Exception {
    createGroup();
    Read read = start(ALICE, null, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    run(fixture.other().streams().add(key, fieldsOf("1-0"), AddArgs.id("1-0")));
    assertBrought(read, key, "1-0");
  }

  @Test
  void blockOfZeroWaitsWithoutEnd() throws Exception {
    createGroup();
    Read read = start(ALICE, null, Duration.ZERO, key);
    fixture.awaitBlockedReaders(1);
    add("1-0");
    assertBrought(read, key, "1-0");
  }

  @Test
  @Rule(34)
  void blockedReadAnswersNilWhenItsTimeIsOver() throws Exception {
    createGroup();
    long start = System.nanoTime();
    Read read = start(ALICE, null, SHORT_BLOCK, key);
    assertThat(read.await()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(SHORT_BLOCK.minusMillis(5));
    add("1-0");
    assertThat(pending()).isEmpty();
  }

  @Test
  void readerMayBlockAgainAndAgain() throws Exception {
    createGroup();
    Reader reader = openReader();
    assertThat(start(reader, args(ALICE, null, SHORT_BLOCK, key)).await()).isEmpty();
    Read read = start(reader, args(ALICE, null, LONG_BLOCK, key));
    fixture.awaitBlockedReaders(1);
    add("1-0");
    assertBrought(read, key, "1-0");
    assertThat(start(reader, args(ALICE, null, SHORT_BLOCK, key)).await()).isEmpty();
  }

  @Test
  void readDoesNotBlockWhenSomethingIsThere() throws Exception {
    createGroup();
    add("1-0", "2-0");
    assertBrought(start(ALICE, null, LONG_BLOCK, key), key, "1-0", "2-0");
  }

  @Test
  @Rule(29)
  void blockingReadOfAMissingGroupFailsAtOnce() throws Exception {
    assertThat(start(ALICE, null, LONG_BLOCK, key).awaitError()).hasMessage(noGroup(key));
  }

  @Test
  void blockedReadersStopNobodyElse() throws Exception {
    createGroup();
    Read first = start(ALICE, null, LONG_BLOCK, key);
    Read second = start(BOB, null, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(2);
    String other = fixture.key();
    createGroup(other);
    addTo(other, "1-0");
    assertThat(read(ReadArgs.fresh(other, GROUP, ALICE, 1, null))).hasSize(1);
    assertThat(first.reply()).isNotDone();
    assertThat(second.reply()).isNotDone();
  }

  @Test
  @Rule(44)
  void waitersAreServedFirstComeFirstServed() throws Exception {
    createGroup();
    Read first = start("first", 1L, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    Read second = start("second", 1L, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(2);
    Read third = start("third", 1L, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(3);
    add("1-0", "2-0", "3-0");
    assertBrought(first, key, "1-0");
    assertBrought(second, key, "2-0");
    assertBrought(third, key, "3-0");
    assertThat(pending()).containsExactly("1-0 first 1", "2-0 second 1", "3-0 third 1");
  }

  @Test
  @Rule(44)
  void waitersHaveAnOrderForEachKey() throws Exception {
    String other = fixture.key();
    createGroup();
    createGroup(other);
    Read one = start("one", 1L, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    Read both = start("both", 1L, LONG_BLOCK, key, other);
    fixture.awaitBlockedReaders(2);
    addTo(other, "1-0");
    assertBrought(both, other, "1-0");
    add("1-0");
    assertBrought(one, key, "1-0");
  }

  @Test
  @Rule(45)
  void waiterThatGotNothingKeepsItsPlace() throws Exception {
    createGroup();
    Read first = start("first", 1L, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    Read second = start("second", 1L, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(2);
    add("1-0");
    assertBrought(first, key, "1-0");
    fixture.awaitBlockedReaders(1);
    Read again = start(first.reader(), args("first", 1L, LONG_BLOCK, key));
    fixture.awaitBlockedReaders(2);
    add("2-0");
    assertBrought(second, key, "2-0");
    add("3-0");
    assertBrought(again, key, "3-0");
  }

  @Test
  @Rule(44)
  void waitersOfSeveralGroupsAllGetTheEntry() throws Exception {
    createGroup();
    run(groups.create(key, "other", CreateArgs.from("0")));
    Read mine = start(ALICE, null, LONG_BLOCK, key);
    Read others = start(openReader(), ReadArgs.fresh(key, "other", BOB, 0, LONG_BLOCK));
    fixture.awaitBlockedReaders(2);
    add("1-0");
    assertBrought(mine, key, "1-0");
    assertBrought(others, key, "1-0");
  }

  @Test
  void readOfSeveralStreamsBringsTheOneThatIsReady() throws Exception {
    String other = fixture.key();
    createGroup();
    createGroup(other);
    Read read = start(ALICE, null, LONG_BLOCK, key, other);
    fixture.awaitBlockedReaders(1);
    addTo(other, "1-0");
    assertBrought(read, other, "1-0");
  }

  @Test
  @Rule(40)
  void blockedReadWithNoAckLeavesNothingPending() throws Exception {
    createGroup();
    Read read =
        start(
            openReader(),
            new ReadArgs(GROUP, ALICE, null, LONG_BLOCK, true, List.of(StreamOffset.fresh(key))));
    fixture.awaitBlockedReaders(1);
    add("1-0");
    assertBrought(read, key, "1-0");
    assertThat(pending()).isEmpty();
    assertThat(group().lastDeliveredId()).isEqualTo(id("1-0"));
  }

  @Test
  @Rule(27)
  void setIdWakesNoWaiter() throws Exception {
    createPending(BOB, "1-0");
    Read read = start(ALICE, 1L, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    run(groups.setId(key, GROUP, "0", null));
    fixture.awaitBlockedReaders(1);
    assertThat(read.reply()).isNotDone();
    add("2-0");
    assertBrought(read, key, "1-0");
  }

  @Test
  @Rule(41)
  void consumerOfABlockedReadIsCreatedAtOnce() {
    createGroup();
    start(ALICE, null, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    if (has(Capability.CONSUMER_ALWAYS_CREATED)) {
      assertThat(consumers()).containsExactly(ALICE);
    } else {
      assertThat(consumers()).isEmpty();
    }
  }

  @Test
  @Rule(49)
  void deletionOfTheKeyEndsTheWait() throws Exception {
    createGroup();
    boolean told = has(Capability.DELETION_UNBLOCKS);
    Read read = start(ALICE, null, told ? LONG_BLOCK : Duration.ofMillis(300), key);
    fixture.awaitBlockedReaders(1);
    fixture.deleteKey(key);
    if (has(Capability.BLOCKED_READ_RERUN)) {
      assertThat(read.awaitError()).hasMessage(noGroup(key));
    } else if (told) {
      assertThat(read.awaitError()).hasMessage("UNBLOCKED the stream key no longer exists");
    } else {
      assertThat(read.await()).isEmpty();
    }
  }

  @Test
  @Rule(50)
  void overwritingTheKeyEndsTheWait() throws Exception {
    createGroup();
    boolean told = has(Capability.DELETION_UNBLOCKS);
    Read read = start(ALICE, null, told ? LONG_BLOCK : Duration.ofMillis(300), key);
    fixture.awaitBlockedReaders(1);
    fixture.putString(key);
    if (has(Capability.BLOCKED_READ_RERUN)) {
      assertThat(read.awaitError().code()).isEqualTo("WRONGTYPE");
    } else if (told) {
      assertThat(read.awaitError().code()).isEqualTo("UNBLOCKED");
    } else {
      assertThat(read.await()).isEmpty();
    }
  }

  @Test
  @Rule(51)
  void destructionOfTheGroupEndsTheWait() throws Exception {
    String other = fixture.key();
    createGroup();
    createGroup(other);
    Read read = start(ALICE, null, LONG_BLOCK, key, other);
    fixture.awaitBlockedReaders(1);
    assertThat(get(groups.destroy(other, GROUP))).isTrue();
    RedisException error = read.awaitError();
    assertThat(error.code()).isEqualTo("NOGROUP");
    if (has(Capability.BLOCKED_READ_RERUN)) {
      assertThat(error).hasMessage(noGroup(other));
    }
  }

  @Test
  @Rule(53)
  void unblockedReadAnswersNil() throws Exception {
    createGroup();
    Read read = start(ALICE, null, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    assertThat(get(read.reader().unblock())).isTrue();
    assertThat(read.await()).isEmpty();
    add("1-0");
    assertThat(pending()).isEmpty();
    assertBrought(start(read.reader(), args(ALICE, null, LONG_BLOCK, key)), key, "1-0");
  }

  @Test
  @Rule(53)
  void unblockFindsOnlyAReadThatWaits() throws Exception {
    createGroup();
    Read waiting = start(ALICE, null, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    assertThat(get(openReader().unblock())).isFalse();
    assertThat(get(reader().unblock())).isFalse();
    assertThat(waiting.reply()).isNotDone();
    assertThat(get(waiting.reader().unblock())).isTrue();
    assertThat(waiting.await()).isEmpty();
    assertThat(get(waiting.reader().unblock())).isFalse();
  }

  @Test
  @Rule(54)
  void deletedConsumerStaysBlockedAndComesBackWhenItWakes() throws Exception {
    createGroup();
    Read read = start(ALICE, null, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    assertThat(get(groups.deleteConsumer(key, GROUP, ALICE))).isZero();
    assertThat(consumers()).isEmpty();
    fixture.awaitBlockedReaders(1);
    add("1-0");
    assertBrought(read, key, "1-0");
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void closedReaderIsForgottenByTheServer() throws Exception {
    createGroup();
    Read read = start(ALICE, null, LONG_BLOCK, key);
    fixture.awaitBlockedReaders(1);
    assertThat(get(read.reader().close())).isTrue();
    fixture.awaitBlockedReaders(0);
    assertThat(read.awaitError().code()).isEqualTo(RedisException.CONNECTION);
    add("1-0");
    assertThat(pending()).isEmpty();
    assertThat(readFresh(BOB, 10)).isEqualTo(entries("1-0"));
  }

  @Test
  void closedReaderIsSpent() {
    createGroup();
    add("1-0");
    Reader reader = openReader();
    assertThat(get(reader.close())).isTrue();
    assertThat(get(reader.close())).isTrue();
    assertThat(errorOf(reader.read(args(ALICE, null, null, key))).code())
        .isEqualTo(RedisException.CONNECTION);
    assertThat(pending()).isEmpty();
  }

  @Test
  void cancellingTakesNothingBack() {
    createGroup();
    var subscription = openReader().read(args(ALICE, null, LONG_BLOCK, key)).subscribe();
    fixture.awaitBlockedReaders(1);
    subscription.dispose();
    fixture.awaitBlockedReaders(1);
    add("1-0");
    await("the cancelled read took the entry", () -> !pending().isEmpty());
    assertThat(pending()).containsExactly("1-0 alice 1");
  }
}
