package io.millstream.engine.memory;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.CreateArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.ReadArgs.StreamOffset;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamEntries;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Blocked reads on virtual time: order, deadlines, and on which thread what happens. */
class BlockedReadTest extends VirtualTimeTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration FOREVER = Duration.ZERO;

  private static List<String> brought(CompletableFuture<List<StreamEntries>> read) {
    assertThat(read).isCompleted();
    List<StreamEntries> reply = read.join();
    return reply == null ? List.of() : idsOf(reply).stream().map(Object::toString).toList();
  }

  @Test
  void replyComesOnTheSchedulerThoughTheEntryIsTakenAtOnce() {
    createGroup();
    var read = block(ALICE, MINUTE);
    add("1-0");
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertThat(read).isNotDone();
    time.runDue();
    assertThat(brought(read)).containsExactly("1-0");
  }

  @Test
  void aReadThatNeedNotWaitAnswersOnTheSubscribersThread() {
    createGroup();
    add("1-0");
    assertThat(brought(block(ALICE, MINUTE))).containsExactly("1-0");
  }

  @Test
  void endsEmptyAtItsDeadlineAndNotBefore() {
    createGroup();
    var read = block(ALICE, Duration.ofMillis(500));
    time.advance(Duration.ofMillis(499));
    assertThat(read).isNotDone();
    time.advance(Duration.ofMillis(1));
    assertThat(brought(read)).isEmpty();
    add("1-0");
    assertThat(pending()).isEmpty();
    assertThat(server.blockedReads()).isZero();
  }

  @Test
  void blockOfZeroWaitsWithoutEnd() {
    createGroup();
    var read = block(ALICE, FOREVER);
    time.advance(Duration.ofDays(30));
    assertThat(read).isNotDone();
  }

  @Test
  void blockBelowAMillisecondIsNotWithoutEnd() {
    createGroup();
    var read = block(ALICE, Duration.ofNanos(1));
    time.advance(Duration.ofMillis(1));
    assertThat(brought(read)).isEmpty();
  }

  @Test
  void negativeBlockIsRefused() {
    createGroup();
    assertThat(errorOf(openReader().read(ReadArgs.fresh(KEY, GROUP, ALICE, 1, MINUTE.negated()))))
        .hasMessage("ERR timeout is negative");
  }

  @Test
  void waitersAreServedInTheOrderTheyCame() {
    createGroup();
    var first = block(ALICE, MINUTE);
    var second = block(BOB, MINUTE);
    var third = block("carol", MINUTE);
    add("1-0", "2-0");
    time.runDue();
    assertThat(brought(first)).containsExactly("1-0");
    assertThat(brought(second)).containsExactly("2-0");
    assertThat(third).isNotDone();
  }

  @Test
  void whoGetsNothingKeepsPlaceAndDeadline() {
    createGroup();
    run(groups.create(KEY, "others", CreateArgs.from("5-0")));
    Reader waiting = openReader();
    var mine = waiting.read(ReadArgs.fresh(KEY, "others", ALICE, 1, MINUTE)).toFuture();
    var behind = openReader().read(ReadArgs.fresh(KEY, "others", BOB, 1, MINUTE)).toFuture();
    time.advance(Duration.ofSeconds(40));
    add("1-0");
    var last = openReader().read(ReadArgs.fresh(KEY, "others", "carol", 1, MINUTE)).toFuture();
    add("6-0");
    time.runDue();
    assertThat(brought(mine)).containsExactly("6-0");
    assertThat(behind).isNotDone();
    time.advance(Duration.ofSeconds(20));
    assertThat(brought(behind)).isEmpty();
    assertThat(last).isNotDone();
  }

  @Test
  void aReadOfTwoStreamsQueuesInBoth() {
    createGroup(KEY, "other");
    var both =
        openReader()
            .read(
                new ReadArgs(
                    GROUP,
                    ALICE,
                    1L,
                    MINUTE,
                    false,
                    List.of(StreamOffset.fresh(KEY), StreamOffset.fresh("other"))))
            .toFuture();
    var one = block(BOB, MINUTE);
    addTo("other", "1-0");
    add("1-0");
    time.runDue();
    assertThat(both.join())
        .singleElement()
        .satisfies(reply -> assertThat(reply.key()).isEqualTo("other"));
    assertThat(brought(one)).containsExactly("1-0");
  }

  @Test
  void whoGotNothingFromOneStreamQueuesBehindTheOthersOfTheNext() {
    for (String key : List.of(KEY, "other")) {
      run(groups.create(key, GROUP, CreateArgs.from("5-0")));
    }
    var both =
        openReader()
            .read(
                new ReadArgs(
                    GROUP,
                    ALICE,
                    1L,
                    MINUTE,
                    false,
                    List.of(StreamOffset.fresh(KEY), StreamOffset.fresh("other"))))
            .toFuture();
    var one = openReader().read(ReadArgs.fresh("other", GROUP, BOB, 1, MINUTE)).toFuture();
    add("1-0");
    addTo("other", "6-0");
    time.runDue();
    assertThat(brought(one)).containsExactly("6-0");
    assertThat(both).isNotDone();
  }

  @Test
  void whoHearsAReplyMayIssueCommands() {
    createGroup();
    List<String> seen = new ArrayList<>();
    openReader()
        .read(ReadArgs.fresh(KEY, GROUP, ALICE, 1, MINUTE))
        .flatMap(
            reply -> {
              seen.add(idsOf(reply).toString());
              add("2-0");
              return groups.ack(KEY, GROUP, idsOf(reply));
            })
        .subscribe(acked -> seen.add("acked " + acked));
    add("1-0");
    time.runDue();
    assertThat(seen).containsExactly("[1-0]", "acked 1");
  }

  @Test
  void flushEndsTheWaitWithNoGroup() {
    createGroup();
    var read = block(ALICE, MINUTE);
    server.flushAll();
    time.runDue();
    assertThat(read)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            RedisException.class, error -> assertThat(error.code()).isEqualTo("NOGROUP"));
  }

  @Test
  void aSecondReadAtTheSameTimeIsRefusedAndTheFirstGoesOn() {
    createGroup();
    Reader reader = openReader();
    var first = block(reader, ALICE, MINUTE);
    var second = block(reader, ALICE, MINUTE);
    assertThat(second)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(IllegalStateException.class);
    add("1-0");
    time.runDue();
    assertThat(brought(first)).containsExactly("1-0");
    add("2-0");
    assertThat(brought(block(reader, ALICE, MINUTE))).containsExactly("2-0");
  }

  @Test
  void aReplyThatIsOnItsWayWhenTheReaderIsClosedStaysPending() {
    createGroup();
    Reader reader = openReader();
    var read = block(reader, ALICE, MINUTE);
    add("1-0");
    assertThat(get(reader.close())).isTrue();
    time.runDue();
    assertThat(read).isCompletedExceptionally();
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void unblockAnswersEmptyAndTheReaderGoesOn() {
    createGroup();
    Reader reader = openReader();
    var read = block(reader, ALICE, MINUTE);
    assertThat(get(reader.unblock())).isTrue();
    assertThat(get(reader.unblock())).isFalse();
    time.runDue();
    assertThat(brought(read)).isEmpty();
    add("1-0");
    assertThat(brought(block(reader, ALICE, MINUTE))).containsExactly("1-0");
  }

  @Test
  void enginesOfOneServerAreProcessesOnOneRedis() {
    createGroup();
    var read = block(ALICE, MINUTE);
    Engine other = server.connect();
    run(other.streams().add(KEY, Fields.of("f", "1")));
    time.runDue();
    assertThat(brought(read)).hasSize(1);
    run(other.close());
    assertThat(get(streams.length(KEY))).isEqualTo(1);
  }

  @Test
  void idsAndIdleTimesFollowVirtualTime() {
    createGroup();
    long start = VirtualScheduler.START.toEpochMilli();
    assertThat(get(streams.add(KEY, Fields.of("f", "1"))).toString()).isEqualTo(start + "-0");
    readNow(ALICE, 1);
    time.advance(MINUTE);
    assertThat(idleTimes()).containsExactly(start + "-0 60000");
    assertThat(get(streams.add(KEY, Fields.of("f", "1"))).toString())
        .isEqualTo(start + 60_000 + "-0");
    assertThat(time.now(NANOSECONDS)).isEqualTo(MINUTE.toNanos());
  }
}
