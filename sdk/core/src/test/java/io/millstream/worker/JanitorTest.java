package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.CreateArgs;
import io.millstream.engine.RedisException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Consumers of killed processes do not stay for ever. */
class JanitorTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration LOOK = Duration.ofMinutes(70);

  private final World world = new World();

  @BeforeEach
  void somebodyIsKilled() {
    world
        .admin
        .groups()
        .create(World.JOBS.name(), World.GROUP, CreateArgs.from("0"))
        .then(world.admin.groups().createConsumer(World.JOBS.name(), World.GROUP, "killed"))
        .block();
  }

  private Worker start() {
    return world.worker().handle(message -> Mono.empty()).start();
  }

  @Test
  void consumerThatHasTriedNothingForADayIsRemovedByWhoeverIsLeft() {
    Worker left = start();
    world.advance(DAY.minus(LOOK));
    assertThat(world.consumers()).contains("killed");
    world.advance(LOOK.multipliedBy(2));
    assertThat(world.consumers()).containsExactly(left.consumer());
  }

  @Test
  void consumersThatStillTrySomethingStay() {
    Worker one = start();
    Worker other = start();
    world.advance(DAY.plus(LOOK));
    assertThat(world.consumers()).containsExactlyInAnyOrder(one.consumer(), other.consumer());
  }

  @Test
  void consumerThatHoldsSomethingStaysUntilThatIsTakenOver() {
    world.publish("job");
    world.abandon("holds", 1);
    Worker asleep = start();
    asleep.pause().subscribe();
    world.advance(DAY.plus(LOOK));
    assertThat(world.consumers()).contains("holds").doesNotContain("killed");
    asleep.resume();
    world.advance(LOOK.multipliedBy(2));
    assertThat(world.pending()).isEmpty();
    assertThat(world.consumers()).containsExactly(asleep.consumer());
  }

  @Test
  void consumerOfAWorkerThatWasPausedForDaysComesBackWithItsNextRead() {
    Worker asleep = start();
    asleep.pause().subscribe();
    Worker awake = start();
    world.advance(DAY.plus(LOOK.multipliedBy(2)));
    assertThat(world.consumers()).containsExactly(awake.consumer());
    asleep.resume();
    world.advance(Duration.ofSeconds(10));
    assertThat(world.consumers()).containsExactlyInAnyOrder(asleep.consumer(), awake.consumer());
  }

  @Test
  void lookThatFailsIsFollowedByTheNext() {
    world.server.faults().failNext("XINFO CONSUMERS", 25, RedisException.of("NOPERM not for you"));
    Worker left = start();
    world.advance(DAY.plus(LOOK));
    assertThat(world.consumers()).contains("killed");
    world.advance(LOOK.multipliedBy(4));
    assertThat(world.consumers()).containsExactly(left.consumer());
    assertThat(Objects.requireNonNull(left.state())).isEqualTo(WorkerState.RUNNING);
  }
}
