package io.millstream.test;

import static io.millstream.test.MillstreamAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.codec.MessageStream;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.RedisException;
import io.millstream.engine.memory.ServerError;
import io.millstream.entry.EntryId;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/**
 * Every kind of trouble can be had for a line, and a worker as it is in production gets over it.
 */
@WithMillstream(strict = true)
class TroubleOnDemandTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");
  private static final MessageStream<String> OTHERS = MessageStream.string("others");

  private final List<String> handled = new ArrayList<>();
  private final TestMillstream millstream;

  TroubleOnDemandTest(TestMillstream millstream) {
    this.millstream = millstream;
  }

  private Worker start(MessageStream<String> stream) {
    Worker worker =
        millstream
            .worker(stream, "w")
            .handle(m -> Mono.fromRunnable(() -> handled.add(m.payload() + " " + m.delivery())))
            .start();
    millstream.advance(Duration.ofSeconds(1));
    return worker;
  }

  @ParameterizedTest
  @EnumSource(
      value = ServerError.class,
      names = {"OOM", "READONLY", "LOADING", "BUSY", "NOREPLICAS", "MASTERDOWN", "CLUSTERDOWN"})
  void aServerThatAnswersAnErrorForAMinuteIsOutlived(ServerError error) {
    Worker worker = start(JOBS);
    millstream.faults().onAny().always().fail(error);
    assertThatThrownBy(() -> millstream.publish(JOBS, "one"))
        .isInstanceOf(RedisException.class)
        .hasMessage(error.exception().getMessage());
    millstream.advance(Duration.ofMinutes(1));
    assertThat(worker.state()).isEqualTo(WorkerState.BACKING_OFF);
    millstream.faults().clear();
    millstream.publish(JOBS, "two");
    millstream.advance(Duration.ofMinutes(1));
    assertThat(handled).containsExactly("two 1");
  }

  @Test
  void aGroupThatSomebodyElseMadeIsFine() {
    millstream.engine().groups().create(JOBS.name(), "w", CreateArgs.from("0")).block();
    millstream.faults().on("XGROUP CREATE").fail(ServerError.BUSYGROUP);
    start(JOBS);
    millstream.publish(JOBS, "one");
    millstream.advance(Duration.ofSeconds(1));
    assertThat(handled).containsExactly("one 1");
  }

  @Test
  void aGroupThatIsGoneIsMadeAgain() {
    start(JOBS);
    millstream.server().flushAll();
    millstream.advance(Duration.ofSeconds(10));
    millstream.publish(JOBS, "one");
    millstream.faults().on("XREADGROUP").stream(JOBS.name()).fail(ServerError.NOGROUP);
    millstream.advance(Duration.ofMinutes(1));
    assertThat(handled).containsExactly("one 1");
  }

  @Test
  void acknowledgementsOfOneStreamFailAndAreSentAgain() {
    start(JOBS);
    start(OTHERS);
    millstream.faults().on("XACK").stream(JOBS.name()).group("w").times(3).fail(ServerError.OOM);
    EntryId failed = millstream.publish(JOBS, "one");
    EntryId other = millstream.publish(OTHERS, "two");
    millstream.advance(Duration.ZERO);
    assertThat(millstream).stream(JOBS).group("w").message(failed).isPending();
    assertThat(millstream).stream(OTHERS).group("w").message(other).isAcknowledged();
    millstream.advance(Duration.ofMinutes(1));
    assertThat(millstream).stream(JOBS).group("w").message(failed).wasDelivered(1).isAcknowledged();
  }

  @Test
  void aReplyThatIsLostAfterTheReadMakesNothingLost() {
    start(JOBS);
    millstream.advance(Duration.ofSeconds(10));
    millstream.faults().on("XREADGROUP").loseReply();
    millstream.advance(Duration.ofSeconds(10)); // the read under way was sent before
    EntryId id = millstream.publish(JOBS, "one");
    millstream.advance(Duration.ofMinutes(5));
    assertThat(millstream).stream(JOBS).group("w").message(id).isAcknowledged();
    assertThat(handled).hasSize(1);
  }

  @Test
  void aConnectionThatDropsWithAnAcknowledgementUnderWayDoesNoHarm() {
    start(JOBS);
    millstream.faults().on("XACK").dropConnection();
    EntryId id = millstream.publish(JOBS, "one");
    millstream.advance(Duration.ofMinutes(1));
    assertThat(millstream).stream(JOBS).group("w").message(id).wasDelivered(1).isAcknowledged();
  }

  @Test
  void anOutageEndsAndTheWorkerGoesOn() {
    Worker worker = start(JOBS);
    millstream.faults().disconnect();
    millstream.advance(Duration.ofHours(1));
    assertThat(worker.state()).isEqualTo(WorkerState.BACKING_OFF);
    millstream.faults().connect();
    millstream.publish(JOBS, "one");
    millstream.advance(Duration.ofSeconds(10));
    assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
    assertThat(handled).containsExactly("one 1");
  }

  @Test
  void aServersClockThatJumpsAheadTakesNothingFromWhoIsAlive() {
    TestMillstream other = millstream.anotherProcess();
    other
        .worker(JOBS, "w")
        .consumer("alive")
        .handle(m -> Mono.delay(Duration.ofMinutes(3), other.time()))
        .start();
    EntryId id = millstream.publish(JOBS, "one");
    millstream.advance(Duration.ofSeconds(1));
    start(JOBS);
    millstream.faults().jumpClock(Duration.ofSeconds(30));
    millstream.advance(Duration.ofMinutes(1));
    assertThat(millstream).stream(JOBS).group("w").message(id).isHeldBy("alive");
    millstream.faults().jumpClock(Duration.ofHours(-1));
    millstream.advance(Duration.ofMinutes(5));
    assertThat(millstream).stream(JOBS).group("w").message(id).wasDelivered(1).isAcknowledged();
  }

  @Test
  void whatAConsumerHeldThatIsGoneIsTakenOver() {
    EntryId id = millstream.publish(JOBS, "one");
    millstream.crashHolding(JOBS, "w", "gone", 1);
    start(JOBS);
    assertThat(millstream).stream(JOBS).group("w").holds("gone", id).hasNoLag();
    millstream.advance(Duration.ofMinutes(2));
    assertThat(millstream).stream(JOBS).group("w").holdsNothing("gone").isDone();
    assertThat(handled).containsExactly("one 2");
  }
}
