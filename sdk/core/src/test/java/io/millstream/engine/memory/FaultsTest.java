package io.millstream.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millstream.engine.AddArgs;
import io.millstream.engine.AtomicSteps.Answer;
import io.millstream.engine.AtomicSteps.DeadLetter;
import io.millstream.engine.AtomicSteps.Held;
import io.millstream.engine.AtomicSteps.Release;
import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.ReadArgs.StreamOffset;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.Signal;
import io.millstream.engine.StreamEntries;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class FaultsTest extends VirtualTimeTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private final RedisException oom =
      RedisException.of("OOM command not allowed when used memory > 'maxmemory'.");

  private final Faults faults = server.faults();

  private static RedisException errorOf(CompletableFuture<List<StreamEntries>> read) {
    try {
      throw new AssertionError("brought " + read.join());
    } catch (CompletionException e) {
      return (RedisException) Objects.requireNonNull(e.getCause());
    }
  }

  private static void assertConnectionError(Mono<?> call) {
    assertThat(errorOf(call)).extracting(RedisException::code).isEqualTo(RedisException.CONNECTION);
  }

  @Test
  void failNextFailsWithoutEffectAsOftenAsAsked() {
    faults.failNext("XADD", 2, oom);
    Mono<?> add = streams.add(KEY, Fields.of("f", "1"));
    assertThat(errorOf(add)).isSameAs(oom);
    assertThat(get(streams.length(KEY))).isZero();
    assertThat(errorOf(add)).isSameAs(oom);
    run(add);
    assertThat(get(streams.length(KEY))).isEqualTo(1);
  }

  @Test
  void faultsHoldForAllEnginesOfTheServer() {
    faults.failNext("XLEN", 1, oom);
    assertThat(errorOf(server.connect().streams().length(KEY))).isSameAs(oom);
  }

  @Test
  void failuresOfOneCommandComeInTheOrderTheyWereAskedFor() {
    RedisException busy = RedisException.of("BUSY Redis is busy running a script.");
    faults.failNext("XLEN", 1, oom);
    faults.failNext("XLEN", 1, busy);
    assertThat(errorOf(streams.length(KEY))).isSameAs(oom);
    assertThat(errorOf(streams.length(KEY))).isSameAs(busy);
    assertThat(get(streams.length(KEY))).isZero();
  }

  @Test
  void loseReplyTakesEffectAndThenFails() {
    createGroup();
    add("1-0");
    readNow(ALICE, 1);
    faults.loseReply("XACK", 1);
    assertConnectionError(groups.ack(KEY, GROUP, ids("1-0")));
    assertThat(pending()).isEmpty();
    assertThat(get(groups.ack(KEY, GROUP, ids("1-0")))).isZero();
  }

  @Test
  void aLostErrorIsLostToo() {
    faults.loseReply("XINFO STREAM", 1);
    assertConnectionError(streams.info("missing"));
    assertThat(errorOf(streams.info("missing"))).hasMessage("ERR no such key");
  }

  @Test
  void stepsHaveNamesToo() {
    createGroup();
    add("1-0");
    readNow(ALICE, 1);
    List<Held> held = List.of(new Held(id("1-0"), 1));
    for (String step :
        List.of("redeliver", "renew", "deadLetter", "release", "removeConsumer", "openReader")) {
      faults.failNext(step, 1, oom);
    }
    assertThat(errorOf(steps.redeliver(KEY, GROUP, ALICE, 1, ids("1-0")))).isSameAs(oom);
    assertThat(errorOf(steps.renew(KEY, GROUP, ALICE, held))).isSameAs(oom);
    List<Release> releases = List.of(new Release(id("1-0"), 1, 1, MINUTE));
    assertThat(errorOf(steps.release(KEY, GROUP, ALICE, releases))).isSameAs(oom);
    DeadLetter letter =
        new DeadLetter(KEY, GROUP, ALICE, held.get(0), "dead", null, "id", Fields.of("id", "1-0"));
    assertThat(errorOf(steps.deadLetter(letter))).isSameAs(oom);
    assertThat(errorOf(steps.removeConsumer(KEY, GROUP, ALICE))).isSameAs(oom);
    assertThat(errorOf(engine.openReader())).isSameAs(oom);
    faults.loseReply("redeliver", 1);
    assertConnectionError(steps.redeliver(KEY, GROUP, ALICE, 1, ids("1-0")));
    assertThat(pending()).containsExactly("1-0 alice 2");
    assertThat(get(steps.redeliver(KEY, GROUP, ALICE, 1, ids("1-0"))).get(0).answer())
        .isEqualTo(Answer.DONE);
    assertThat(pending()).containsExactly("1-0 alice 2");
  }

  @Test
  void theReplyOfABlockedReadCanBeLost() {
    createGroup();
    faults.loseReply("XREADGROUP", 1);
    Reader reader = openReader();
    var read = block(reader, ALICE, MINUTE);
    assertThat(read).isNotDone();
    add("1-0");
    time.runDue();
    assertThat(errorOf(read).code()).isEqualTo(RedisException.CONNECTION);
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertConnectionError(reader.read(ReadArgs.fresh(KEY, GROUP, ALICE, 1, null)));
    assertThat(readNow(BOB, 1)).isEmpty();
  }

  @Test
  void aReadThatFailsWithAServerErrorDoesNotSpendTheReader() {
    createGroup();
    add("1-0");
    faults.failNext("XREADGROUP", 1, oom);
    faults.failNext("XREADGROUP", 1, new RedisException(RedisException.TIMEOUT, "no reply"));
    Reader reader = openReader();
    Mono<?> read = reader.read(ReadArgs.fresh(KEY, GROUP, ALICE, 1, null));
    assertThat(errorOf(read)).isSameAs(oom);
    assertThat(errorOf(read)).extracting(RedisException::code).isEqualTo(RedisException.TIMEOUT);
    assertConnectionError(read);
    assertThat(readNow(ALICE, 1)).isEqualTo(ids("1-0"));
  }

  @Test
  void disconnectFailsEverythingUntilConnected() {
    createGroup();
    List<ConnectionEvent> events = new ArrayList<>();
    engine.events().subscribe(events::add);
    Reader reader = openReader();
    var read = block(reader, ALICE, MINUTE);
    faults.disconnect();
    faults.disconnect();
    time.runDue();
    assertThat(events).containsExactly(ConnectionEvent.DISCONNECTED);
    assertThat(errorOf(read).code()).isEqualTo(RedisException.CONNECTION);
    assertConnectionError(streams.length(KEY));
    assertConnectionError(engine.openReader());
    assertConnectionError(steps.removeConsumer(KEY, GROUP, ALICE));

    faults.connect();
    faults.connect();
    time.runDue();
    assertThat(events).containsExactly(ConnectionEvent.DISCONNECTED, ConnectionEvent.CONNECTED);
    add("1-0");
    assertThat(pending()).isEmpty();
    assertConnectionError(reader.read(ReadArgs.fresh(KEY, GROUP, ALICE, 1, null)));
    assertThat(readNow(ALICE, 1)).isEqualTo(ids("1-0"));
  }

  @Test
  void aReplyThatIsOnItsWayWhenTheConnectionBreaksStaysPending() {
    createGroup();
    var read = block(ALICE, MINUTE);
    add("1-0");
    faults.disconnect();
    time.runDue();
    assertThat(errorOf(read).code()).isEqualTo(RedisException.CONNECTION);
    faults.connect();
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void withoutTheRightToKillAReadGoesOnTakingEntriesUntilItsDeadline() {
    createGroup();
    faults.failNext("CLIENT KILL", 1, RedisException.of("NOPERM no permissions"));
    Reader reader = openReader();
    var read = block(reader, ALICE, MINUTE);
    assertThat(get(reader.close())).isFalse();
    time.runDue();
    assertThat(errorOf(read).code()).isEqualTo(RedisException.CONNECTION);
    add("1-0");
    assertThat(pending()).containsExactly("1-0 alice 1");

    faults.failNext("CLIENT KILL", 1, RedisException.of("NOPERM no permissions"));
    Reader other = openReader();
    var expiring = block(other, ALICE, MINUTE);
    assertThat(get(other.close())).isFalse();
    time.advance(MINUTE);
    assertThat(errorOf(expiring).code()).isEqualTo(RedisException.CONNECTION);
    add("2-0");
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void clearForgetsWhatIsStillToCome() {
    faults.failNext("XLEN", 5, oom);
    faults.loseReply("XLEN", 5);
    faults.clear();
    assertThat(get(streams.length(KEY))).isZero();
  }

  @Test
  void eventsCompleteWhenTheEngineIsClosed() {
    List<String> seen = new ArrayList<>();
    engine.events().subscribe(event -> {}, error -> {}, () -> seen.add("completed"));
    var read = openReader();
    createGroup();
    var blocked = block(read, ALICE, MINUTE);
    run(engine.close());
    run(engine.close());
    time.runDue();
    assertThat(seen).containsExactly("completed");
    assertThat(errorOf(blocked).code()).isEqualTo(RedisException.CONNECTION);
    assertConnectionError(streams.length(KEY));
    assertThat(get(server.connect().streams().length(KEY))).isZero();
  }

  @Test
  void timesBelowZeroAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> faults.failNext("XADD", -1, oom));
    assertThatIllegalArgumentException().isThrownBy(() -> faults.loseReply("XADD", -1));
  }

  @Test
  void listenersHearNothingWhileDisconnectedAndListenAgainAfterwards() {
    List<Signal> told = new ArrayList<>();
    engine.signals().listen("c").subscribe(told::add);
    time.runDue();
    assertThat(told).containsExactly(Signal.LISTENING);
    faults.disconnect();
    assertConnectionError(engine.signals().publish("c"));
    engine.signals().listen("c").subscribe(told::add);
    time.advance(MINUTE);
    assertThat(told).containsExactly(Signal.LISTENING);
    faults.connect();
    time.runDue();
    assertThat(told).containsExactly(Signal.LISTENING, Signal.LISTENING, Signal.LISTENING);
    assertThat(get(engine.signals().publish("c"))).isEqualTo(1);
    time.runDue();
    assertThat(told.subList(3, 5)).containsExactly(Signal.HEARD, Signal.HEARD);
  }

  @Test
  void lostReplyOfAPublishIsHeardAllTheSame() {
    List<Signal> told = new ArrayList<>();
    engine.signals().listen("c").subscribe(told::add);
    faults.loseReply("PUBLISH", 1);
    assertConnectionError(engine.signals().publish("c"));
    time.runDue();
    assertThat(told).containsExactly(Signal.LISTENING, Signal.HEARD);
  }

  @Test
  void aFaultIsForTheStreamAndTheGroupThatItNames() {
    createGroup(KEY, "other");
    run(groups.create(KEY, "auditors", CreateArgs.from("0")));
    faults.on("XACK").stream(KEY).group(GROUP).fail(ServerError.READONLY);
    run(groups.ack("other", GROUP, ids("1-0")));
    run(groups.ack(KEY, "auditors", ids("1-0")));
    assertThat(errorOf(groups.ack(KEY, GROUP, ids("1-0"))))
        .hasMessage("READONLY You can't write against a read only replica.");
    run(groups.ack(KEY, GROUP, ids("1-0")));
  }

  @Test
  void readsOfSeveralStreamsAndStepsSayWhatTheyAreAbout() {
    createGroup(KEY, "other");
    faults.on("XREADGROUP").stream("other").group(GROUP).fail(ServerError.NOGROUP);
    faults.on("renew").stream(KEY).group(GROUP).fail(ServerError.OOM);
    List<StreamOffset> both = List.of(StreamOffset.fresh(KEY), StreamOffset.fresh("other"));
    Mono<?> read = openReader().read(new ReadArgs(GROUP, ALICE, null, null, false, both));
    assertThat(errorOf(read)).extracting(RedisException::code).isEqualTo("NOGROUP");
    List<Held> held = List.of(new Held(id("1-0"), 1));
    run(steps.renew("other", GROUP, ALICE, held));
    assertThat(errorOf(steps.renew(KEY, GROUP, ALICE, held)))
        .extracting(RedisException::code)
        .isEqualTo("OOM");
  }

  @Test
  void aFaultCanLetSomeThroughBefore() {
    faults.on("XLEN").after(2).times(2).fail(ServerError.BUSY);
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      RedisException error = errorOf(streams.length(KEY));
      codes.add(error == null ? "fine" : error.code());
    }
    assertThat(codes).containsExactly("fine", "fine", "BUSY", "BUSY", "fine");
  }

  @Test
  void aServerThatIsLoadingRefusesEverythingButConnectionsUntilCleared() {
    createGroup();
    faults.onAny().always().fail(ServerError.LOADING);
    Reader reader = openReader();
    for (Mono<?> call :
        List.of(
            streams.length(KEY),
            groups.infoGroups(KEY),
            steps.removeConsumer(KEY, GROUP, ALICE),
            reader.read(ReadArgs.fresh(KEY, GROUP, ALICE, 1, null)))) {
      assertThat(errorOf(call)).extracting(RedisException::code).isEqualTo("LOADING");
    }
    assertThat(get(reader.close())).isTrue();
    faults.clear();
    assertThat(get(streams.length(KEY))).isZero();
  }

  @Test
  void everyErrorOfAServerHasItsNameForCode() {
    for (ServerError error : ServerError.values()) {
      assertThat(error.exception().code()).isEqualTo(error.name());
    }
  }

  @Test
  void aCommandThatDropsTheConnectionHasTakenEffect() {
    List<ConnectionEvent> events = new ArrayList<>();
    server.connect().events().subscribe(events::add);
    createGroup();
    add("1-0");
    readNow(ALICE, 1);
    var blocked = block(BOB, MINUTE);
    faults.on("XACK").dropConnection();
    assertConnectionError(groups.ack(KEY, GROUP, ids("1-0")));
    time.runDue();
    assertThat(pending()).isEmpty();
    assertThat(errorOf(blocked).code()).isEqualTo(RedisException.CONNECTION);
    assertThat(server.blockedReads()).isZero();
    assertThat(events).containsExactly(ConnectionEvent.DISCONNECTED, ConnectionEvent.CONNECTED);
  }

  @Test
  void aReaderWhoseReplyIsLostIsSpent() {
    createGroup();
    add("1-0");
    add("2-0");
    faults.on("XREADGROUP").loseReply();
    Reader reader = openReader();
    assertConnectionError(reader.read(ReadArgs.fresh(KEY, GROUP, ALICE, 1, null)));
    assertConnectionError(reader.read(ReadArgs.fresh(KEY, GROUP, ALICE, 1, null)));
    assertThat(pending()).as("the second was never sent").containsExactly("1-0 alice 1");
  }

  @Test
  void aReadThatDropsTheConnectionHasDelivered() {
    createGroup();
    add("1-0");
    faults.on("XREADGROUP").times(2).dropConnection();
    Reader reader = openReader();
    assertConnectionError(reader.read(ReadArgs.fresh(KEY, GROUP, ALICE, 1, null)));
    assertConnectionError(reader.read(ReadArgs.fresh(KEY, GROUP, ALICE, 1, null)));
    var blocked = block(BOB, MINUTE);
    add("2-0");
    time.runDue();
    assertThat(errorOf(blocked).code()).isEqualTo(RedisException.CONNECTION);
    assertThat(pending()).containsExactly("1-0 alice 1", "2-0 bob 1");
  }

  @Test
  void aClockThatJumpsMovesIdleTimesAndIdsAndNoDeadlines() {
    createGroup();
    add("1-0");
    readNow(ALICE, 1);
    var blocked = block(BOB, MINUTE);
    faults.jumpClock(Duration.ofHours(1));
    assertThat(server.time()).isEqualTo(VirtualScheduler.START.plus(Duration.ofHours(1)));
    assertThat(idleTimes()).containsExactly("1-0 3600000");
    time.advance(Duration.ofSeconds(59));
    assertThat(blocked).isNotDone();
    faults.jumpClock(Duration.ofHours(-2));
    assertThat(idleTimes()).containsExactly("1-0 0");
    time.advance(Duration.ofSeconds(1));
    assertThat(blocked).isCompleted();
    EntryId before = get(streams.add(KEY, Fields.of("f", "1"), AddArgs.id("*")));
    faults.jumpClock(Duration.ofHours(-1));
    EntryId after = get(streams.add(KEY, Fields.of("f", "2"), AddArgs.id("*")));
    assertThat(after).isEqualTo(new EntryId(before.ms(), before.seq() + 1));
  }

  @Test
  void lookingIsNoCommand() {
    createGroup();
    add("1-0");
    server.set("text", "no stream");
    readNow(ALICE, 1);
    faults.onAny().fail(ServerError.OOM);
    faults.disconnect();
    assertThat(server.streams()).containsExactly(KEY);
    assertThat(server.look("text")).isNull();
    assertThat(server.look("nothing")).isNull();
    assertThat(Objects.requireNonNull(server.look(KEY)).groups().get(0).pending()).hasSize(1);
    faults.connect();
    assertThat(errorOf(streams.length(KEY))).as("still to come").isNotNull();
  }
}
