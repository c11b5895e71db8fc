package io.millstream.examples.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SequencesTest {
  private static final Set<String> COMMANDS =
      Set.of(
          "XADD",
          "XDEL",
          "XTRIM",
          "XRANGE",
          "XREVRANGE",
          "XLEN",
          "XREAD",
          "XREADGROUP",
          "XACK",
          "XCLAIM",
          "XAUTOCLAIM",
          "XPENDING",
          "XGROUP",
          "XINFO",
          "XSETID",
          "DEL",
          "SET",
          "MULTI",
          "EXEC",
          "EVALSHA",
          "CLIENT");

  private static List<Step> draw(long seed) {
    return Sequences.draw(seed);
  }

  @Test
  void aSeedMakesAlwaysTheSameSequence() {
    assertThat(draw(7)).isEqualTo(draw(7)).isNotEqualTo(draw(8));
  }

  @Test
  void everyCommandIsDrawn() {
    Set<String> drawn =
        LongStream.range(0, 50)
            .boxed()
            .flatMap(seed -> draw(seed).stream())
            .map(Step::name)
            .collect(Collectors.toSet());
    assertThat(drawn).containsAll(COMMANDS);
  }

  @Test
  void nothingBlocksOnTheConnectionThatWakesOthers() {
    for (long seed = 0; seed < 200; seed++) {
      boolean transaction = false;
      for (Step step : draw(seed)) {
        transaction = step.is("MULTI") || (transaction && !step.is("EXEC") && !step.is("DISCARD"));
        if (step.connection() == 0 && !transaction) {
          assertThat(step.words()).doesNotContain("BLOCK");
        }
      }
    }
  }
}
