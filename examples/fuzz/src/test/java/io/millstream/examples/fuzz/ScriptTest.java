package io.millstream.examples.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTest {
  @Test
  void whatWasSentCanBeReplayedByRedisCli() {
    Step add = Step.of(List.of("XADD", "s1", "1-0", "f", "\u00ff\r\n"));
    Step read = new Step(1, List.of("XREAD", "BLOCK", "0", "STREAMS", "s1", "$"), false);
    assertThat(Script.of(List.of(add, read, add), 3))
        .containsSubsequence(
            "c FLUSHALL",
            "c <<'END'",
            "XADD s1 1-0 f \"\\xff\\x0d\\x0a\"",
            "END",
            "echo 'XREAD BLOCK 0 STREAMS s1 $' | c & sleep 0.2",
            "c <<'END'",
            "END");
  }
}
