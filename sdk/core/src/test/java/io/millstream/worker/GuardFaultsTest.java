package io.millstream.worker;

import static io.millstream.worker.World.JOBS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.entry.EntryId;
import io.millstream.guard.Guard;
import io.millstream.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Leave of a guard is asked before each start and given back just once, whatever happens. */
class GuardFaultsTest {
  private final World world = new World();
  private final Recorder seen = new Recorder(world);

  @AfterEach
  void noTaskFailed() {
    assertThat(world.time.errors()).isEmpty();
  }

  @Test
  void leaveForWhatTurnsOutToBeDeletedIsGivenBack() {
    CountingGuard guard = new CountingGuard();
    guard.wait = Duration.ofSeconds(1);
    EntryId id = world.publish("one");
    world.abandon("dead", 1);
    Worker worker =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .guard(guard)
            .handle(seen::record)
            .start();
    while (worker.load().ready() == 0) {
      world.advanceSeconds(1); // taken over, and waits for leave
    }
    world.admin.streams().delete(JOBS.name(), List.of(id)).block();
    guard.wait = Duration.ZERO;
    world.advanceSeconds(60);
    assertThat(seen.handled).isEmpty();
    assertThat(worker.load().ready()).isZero();
    assertThat(guard.out).as("permits that are out").hasValue(0);
  }

  @Test
  void theLoneEntryStartsWithLeaveOnlyAlsoAfterAQuickResume() {
    world.publish("poison");
    world.abandon("dead", 1);
    AtomicInteger outAtStart = new AtomicInteger(-1);
    Worker[] worker = new Worker[1];
    CountingGuard guard =
        new CountingGuard() {
          @Override
          public Duration tryAcquire(long nowNanos) {
            if (outAtStart.get() == -1) {
              worker[0].pause().subscribe();
              outAtStart.set(-2);
            }
            return super.tryAcquire(nowNanos);
          }

          @Override
          public void giveBack() {
            super.giveBack();
            worker[0].resume();
          }
        };
    worker[0] =
        world
            .worker()
            .visibilityTimeout(Duration.ofSeconds(30))
            .retry(RetryPolicy.none().maxDeliveries(2))
            .guard(guard)
            .handle(
                message -> {
                  outAtStart.set(guard.out.get());
                  return Mono.empty();
                })
            .start();
    world.advanceSeconds(120);
    assertThat(outAtStart).as("permits that are out when the handler starts").hasValue(1);
  }

  @Test
  void leaveOfAHandlerThatDoesNotEndComesBackWithTheEndOfTheWorker() {
    CountingGuard guard = new CountingGuard();
    Worker worker =
        world
            .worker()
            .guard(guard)
            .drainTimeout(Duration.ofSeconds(1))
            .handle(message -> Mono.never())
            .start();
    world.publish("one");
    world.advanceSeconds(1);
    worker.stop().subscribe();
    world.advanceSeconds(60);
    assertThat(worker.state()).isEqualTo(WorkerState.STOPPED);
    assertThat(guard.out).hasValue(0);
  }

  @Test
  void aGuardThatThrowsOnceLosesNoMessage() {
    AtomicBoolean thrown = new AtomicBoolean();
    Guard guard =
        nanos -> {
          if (!thrown.getAndSet(true)) {
            throw new IllegalStateException("a listener of the limiter failed");
          }
          return Duration.ZERO;
        };
    world.worker().guard(guard).handle(seen::record).start();
    world.publish("one");
    world.advanceSeconds(1);
    world.publish("two");
    world.advance(Duration.ofHours(1));
    assertThat(seen.handled).hasSize(2);
  }
}
