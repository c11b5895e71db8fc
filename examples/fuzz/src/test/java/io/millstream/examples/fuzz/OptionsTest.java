package io.millstream.examples.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static Options parse(Map<String, String> properties) {
    return Options.parse(properties, new SplittableRandom(1));
  }

  @Test
  void emptyOptionsHaveDefaults() {
    Options options = parse(Map.of("seed", "", "redis.binary", ""));
    assertThat(options.commands()).isEqualTo(100_000);
    assertThat(options.seed()).isPositive();
    assertThat(options.binary()).isEmpty();
  }

  @Test
  void aWrongOptionIsNamedWithWhatIsAllowed() {
    assertThatThrownBy(() -> parse(Map.of("commands", "0")))
        .hasMessage("commands: '0', allowed: a whole number from 1");
    assertThatThrownBy(() -> parse(Map.of("redis.binary", "/no/such/server")))
        .hasMessage("redis.binary: '/no/such/server', allowed: an executable file");
  }
}
