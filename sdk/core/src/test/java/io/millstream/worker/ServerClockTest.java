package io.millstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.memory.VirtualScheduler;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ServerClockTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final VirtualScheduler time = VirtualScheduler.create();
  private final Loop loop = new Loop(time);
  private final ServerClock clock = new ServerClock(loop, Duration.ofSeconds(20));

  @Test
  void nothingMayBeClaimedBeforeTheServersTimeIsKnown() {
    assertThat(clock.fence()).isEqualTo(Instant.EPOCH);
    assertThat(clock.leapt(NOON)).as("the first sight is no leap").isFalse();
    assertThat(clock.fence()).isEqualTo(NOON.plusSeconds(20));
  }

  @Test
  void theFenceMovesOnWithOurOwnClock() {
    clock.saw(NOON);
    time.advance(Duration.ofSeconds(15));
    assertThat(clock.fence()).isEqualTo(NOON.plusSeconds(35));
  }

  @Test
  void aRefusalOnceTheTimeIsKnownIsALeap() {
    clock.saw(NOON);
    assertThat(clock.leapt(NOON.plusSeconds(60))).isTrue();
    assertThat(clock.fence()).isEqualTo(NOON.plusSeconds(80));
  }

  @Test
  void anAnswerThatWasSlowToComeMakesTheFenceTighter() {
    time.advance(Duration.ofSeconds(25)); // on its way back; the server's clock says 25 s past noon
    clock.saw(NOON);

    assertThat(clock.fence()).as("what is sent now is refused").isEqualTo(NOON.plusSeconds(20));
  }
}
