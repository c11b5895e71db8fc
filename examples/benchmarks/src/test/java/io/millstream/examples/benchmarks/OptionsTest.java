package io.millstream.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static Options parse(String... namesAndValues) {
    Properties properties = new Properties();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Options.parse(properties);
  }

  @Test
  void whatIsEmptyOrAbsentHasADefault() {
    Options options = parse("rounds", "", "redis.binary", " ");
    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.binary()).isEmpty();
    assertThat(options.contenders()).isEqualTo(Contender.ALL);
  }

  @Test
  void contendersAreChosenByName() {
    assertThat(parse("contenders", "millstream,lettuce").contenders())
        .extracting(Contender::name)
        .containsExactly("millstream", "lettuce");
  }

  @Test
  void aWrongValueIsNamedWithWhatIsAllowed() {
    assertThatThrownBy(() -> parse("rounds", "0")).hasMessage("rounds: '0', allowed: 1 to 100");
    assertThatThrownBy(() -> parse("least", "much"))
        .hasMessage("least: 'much', allowed: 0 or a ratio such as 0.6");
    assertThatThrownBy(() -> parse("contenders", "kafka"))
        .hasMessageStartingWith("contenders: 'kafka', allowed: [lettuce, millstream");
  }
}
