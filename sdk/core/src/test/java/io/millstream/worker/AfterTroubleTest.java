package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** When trouble is over: who goes first, and what the worker says of itself. */
class AfterTroubleTest {
  private final World world = new World();
  private final Recorder seen = new Recorder(world);

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  @Test
  void aPausedWorkerSaysSoWhenTroubleIsOver() {
    Worker worker = world.worker().handle(seen::record).start();
    world.advanceSeconds(1);
    world.server.faults().disconnect();
    world.advanceSeconds(5);
    worker.pause().subscribe();
    world.advanceSeconds(5);
    world.server.faults().connect();
    world.advance(Duration.ofMinutes(10));
    assertThat(worker.state()).as(worker.trouble().toString()).isEqualTo(WorkerState.PAUSED);
  }

  @Test
  void troubleWithARedeliveryIsOverWhenThereIsNoneToBeMade() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(60))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).jitter(0))
            .handle(seen::failFirst)
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    world.server.faults().failNext("redeliver", 1000, World.busy());
    world.advanceSeconds(10);
    worker.pause().subscribe();
    world.advanceSeconds(1);
    world.server.faults().clear();
    world.advanceSeconds(1);
    world.worker().handle(seen::record).start(); // has it in the end
    world.advance(Duration.ofMinutes(10));
    worker.resume();
    world.advance(Duration.ofMinutes(10));
    assertThat(seen.handled).hasSize(2);
    assertThat(worker.state()).as(worker.trouble().toString()).isEqualTo(WorkerState.RUNNING);
  }

  @Test
  void afterTroubleWithoutALostConnectionEverybodyRenewsBeforeAnybodyReaps() {
    endureNinetySeconds(
        List.of(
            "XREADGROUP", "takeOver", "takeReleased", "renew", "openReader", "XPENDING", "XCLAIM"));
  }

  @Test
  void alsoWhereALookAtWhatWasReleasedFindsNothingWrong() {
    // MISCONF, NOREPLICAS, READONLY: a script fails only when it comes to write
    endureNinetySeconds(List.of("XREADGROUP", "takeOver", "renew", "XCLAIM"));
  }

  private static void endureNinetySeconds(List<String> refused) {
    for (int extra = 0; extra < 40; extra++) {
      World w = new World();
      List<String> starts = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        w.worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .handlerTimeout(Duration.ofMinutes(30))
            .concurrency(2)
            .readAhead(0)
            .handle(
                message -> {
                  starts.add(message.payload());
                  return Mono.never();
                })
            .start();
      }
      w.advanceSeconds(60);
      w.publish(2);
      w.advanceSeconds(1);
      assertThat(starts).hasSize(2);
      for (String command : refused) {
        w.server.faults().failNext(command, 100_000, World.busy());
      }
      w.advance(Duration.ofSeconds(90).plusMillis(263L * extra));
      w.server.faults().clear();
      w.advanceSeconds(60);
      assertThat(starts).as("starts of two messages, run " + extra).hasSize(2);
    }
  }
}
