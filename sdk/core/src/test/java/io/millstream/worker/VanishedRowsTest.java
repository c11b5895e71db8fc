package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.message.Message;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * What a worker does when rows of its pending entries are gone, as XGROUP DELCONSUMER leaves it.
 */
class VanishedRowsTest {
  private final World world = new World();
  private final Recorder seen = new Recorder(world);

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  @Test
  void whatIsReleasedThoughItsRowIsGoneIsNotLost() {
    Worker worker =
        world
            .worker()
            .concurrency(1)
            .readAhead(4)
            .drainTimeout(Duration.ofSeconds(1))
            .handle(message -> Mono.never())
            .start();
    world.publish(5);
    world.advanceSeconds(1);
    assertThat(world.pending()).hasSize(5);
    world.deleteConsumer(worker); // within its renewal period
    worker.stop().subscribe();
    world.advanceSeconds(30);
    world.worker().handle(seen::record).start();
    world.advance(Duration.ofMinutes(10));
    assertThat(seen.handled).as("all five are handled by the other worker").hasSize(5);
  }

  @Test
  void aRetryWhoseRowWasPutBackIsDeliveredThough() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(60))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).jitter(0))
            .handle(seen::failFirst)
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    world.deleteConsumer(worker);
    world.server.faults().failNext("XCLAIM", 1, World.busy());
    world.advanceSeconds(600);
    assertThat(seen.handled).hasSize(2);
  }

  @Test
  void aPauseCompletesThoughARowHadToBePutBack() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(60))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)).jitter(0))
            .handle(seen::fail)
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    world.deleteConsumer(worker);
    world.server.faults().failNext("XCLAIM", 20, World.busy());
    world.advanceSeconds(5); // due, its row is gone, putting it back takes a while
    AtomicBoolean paused = new AtomicBoolean();
    worker.pause().subscribe(null, null, () -> paused.set(true));
    world.advanceSeconds(60);
    assertThat(paused).isTrue();
  }

  @Test
  void whatWasAcknowledgedMeanwhileIsNotPutBack() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .handle(message -> seen.take(message, Duration.ofMillis(10_020)))
            .start();
    world.advanceMillis(1);
    world.publish("one");
    world.advanceSeconds(1);
    world.deleteConsumer(worker);
    world.server.faults().failNext("XCLAIM", 1, World.busy()); // putting it back is tried once more
    world.advanceSeconds(300);
    assertThat(seen.handled).hasSize(1);
  }

  @Test
  void whatWasAcknowledgedMeanwhileIsNotPutBackAndCountsAreNotBelowStarts() {
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .handle(message -> seen.take(message, Duration.ofMillis(10_020)))
            .start();
    world.advanceMillis(1);
    world.publish("one");
    world.advanceSeconds(1);
    world.deleteConsumer(worker);
    world.server.faults().failNext("XCLAIM", 1, World.busy());
    world.advanceSeconds(12);
    world.server.faults().disconnect();
    world.server.faults().connect();
    world.advanceSeconds(300);
    assertThat(seen.handled).extracting(Message::delivery).doesNotHaveDuplicates();
  }
}
