package io.millstream.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static Options parse(Map<String, String> properties) {
    return Options.parse(properties, new SplittableRandom(1));
  }

  @Test
  void whatIsNotGivenHasADefault() {
    Options options = parse(Map.of("seed", "", "redis.binary", ""));

    assertThat(options.length()).isEqualTo(Duration.ofSeconds(60));
    assertThat(options.topology()).isEqualTo("standalone");
    assertThat(options.binary()).isEmpty();
    assertThat(options.seed())
        .as("drawn")
        .isNotEqualTo(Options.parse(Map.of(), new SplittableRandom(2)).seed());
  }

  @Test
  void whatIsGivenIsTaken() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    assertThat(parse(Map.of("seed", "-7", "seconds", "5", "redis.binary", java, "folder", "here")))
        .isEqualTo(
            new Options(
                -7,
                Duration.ofSeconds(5),
                "standalone",
                Optional.of(Path.of(java)),
                Path.of("here")));
  }

  @Test
  void whatIsWrongIsRefusedInOneLine() {
    assertThatThrownBy(() -> parse(Map.of("topology", "ring")))
        .hasMessage("topology: 'ring', allowed: cluster, sentinel, standalone");
    assertThatThrownBy(() -> parse(Map.of("seconds", "4")))
        .hasMessage("seconds: '4', allowed: a whole number from 5 to 3600");
    assertThatThrownBy(() -> parse(Map.of("seed", "seven")))
        .hasMessageStartingWith("seed: 'seven', allowed: a whole number");
    assertThatThrownBy(() -> parse(Map.of("redis.binary", "nowhere")))
        .hasMessage(
            "redis.binary: 'nowhere', allowed: an executable redis-server or valkey-server");
  }
}
