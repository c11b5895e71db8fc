package io.millstream.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void delaysDoubleUpToTheLongestLessUpToAHalfByChance() {
    assertThat(delay(0, 0)).isEqualTo(Duration.ofMillis(50));
    assertThat(delay(1, 0)).isEqualTo(Duration.ofMillis(100));
    assertThat(delay(3, 0)).isEqualTo(Duration.ofMillis(400));
    assertThat(delay(3, 1)).isEqualTo(Duration.ofMillis(200));
    assertThat(delay(7, 0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(delay(Integer.MAX_VALUE, 0)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aConnectionIsWaitedForTwoSecondsAtMost() {
    assertThat(Settings.DEFAULT.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(Engines.settings(Duration.ofMillis(400)).connectTimeout())
        .isEqualTo(Duration.ofMillis(400));
  }

  private static Duration delay(int attempts, double jitter) {
    Settings usual = Settings.DEFAULT;
    return new Settings(
            usual.commandTimeout(),
            usual.maxOutstanding(),
            usual.firstDelay(),
            usual.maxDelay(),
            () -> jitter)
        .delay(attempts);
  }
}
