package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.message.Message;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the last reply before a stop or a pause brought, when that reply was lost: it is pending
 * under our name, and nobody here knows of it.
 */
class LastLookTest {
  private final World world = new World();
  private final Recorder seen = new Recorder(world);

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  @Test
  void aStopGivesBackWhatTheLastReadBrought() {
    world.server.faults().loseReply("XREADGROUP", 1); // of the read that waits from now on
    Worker worker = world.worker().handle(seen::record).start();
    world.advanceSeconds(1);
    world.server.faults().failNext("XPENDING", 1, World.busy()); // the look takes its time
    world.publish("one");
    worker.stop().subscribe();
    world.advanceSeconds(1);

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    assertThat(world.consumers()).doesNotContain(worker.consumer());
    assertGivenBackUnspent();
  }

  @Test
  void aStopGivesBackWhatTheLastClaimBrought() {
    Worker worker = stoppedInTheMidstOfAClaim();

    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    assertThat(world.consumers()).doesNotContain(worker.consumer());
    assertGivenBackUnspent();
  }

  @Test
  void aPauseGivesBackWhatTheLastReadBrought() {
    world.server.faults().loseReply("XREADGROUP", 1); // of the read that waits from now on
    Worker worker = world.worker().handle(seen::record).start();
    world.advanceSeconds(1);
    world.server.faults().failNext("XPENDING", 1, World.busy()); // the look takes its time
    world.publish("one");
    boolean[] paused = {false};
    worker.pause().doOnSuccess(nothing -> paused[0] = true).subscribe();
    while (!paused[0]) {
      world.advance(Duration.ofMillis(1));
    }

    assertGivenBackUnspent();
  }

  private Worker stoppedInTheMidstOfAClaim() {
    world.publish("one");
    world.abandon("dead", 1);
    Worker worker =
        world.worker().visibilityTimeout(Duration.ofSeconds(30)).handle(seen::record).start();
    world.advanceSeconds(25); // the server's clock is known, and claims are not refused
    world.server.faults().loseReply("takeOver", 1);
    while (world.pending().get(0).consumer().equals("dead")) {
      world.advance(Duration.ofMillis(1));
    }
    worker.stop().subscribe();
    world.advanceSeconds(5);
    return worker;
  }

  private void assertGivenBackUnspent() {
    assertThat(world.pending())
        .singleElement()
        .satisfies(row -> assertThat(row.consumer()).isEqualTo("millstream.released"));
    assertThat(seen.handled).isEmpty();
    world.worker().handle(seen::record).start();
    world.advanceSeconds(1);
    assertThat(seen.handled)
        .as("another worker has it at once")
        .extracting(Message::payload)
        .containsExactly("one");
  }
}
