package io.millstream.examples.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.examples.fuzz.Differences.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferencesTest {
  private static final Step INFO = Step.of(List.of("XINFO", "GROUPS", "s1"));
  private static final Step SET_ID = Step.of(List.of("XSETID", "s1", "1-0"));
  private static final Value OK = new Value.Line("+OK");
  private static final Value ERROR = new Value.Line("-ERR no");

  private final Differences differences =
      new Differences(List.of(Difference.LAG, Difference.XSETID));

  private static Value group(long pending, long lag) {
    List<Value> pairs =
        List.of(
            new Value.Bulk("pending"),
            new Value.Whole(pending),
            new Value.Bulk("lag"),
            new Value.Whole(lag));
    return new Value.Many('*', List.of(new Value.Many('%', pairs)));
  }

  @Test
  void onlyWhatIsListedMayDiffer() {
    assertThat(differences.judge(INFO, group(1, 2), group(1, 3))).isEqualTo(Verdict.HERE_ONLY);
    assertThat(differences.judge(INFO, group(1, 2), group(2, 2))).isEqualTo(Verdict.UNKNOWN);
    assertThat(differences.judge(SET_ID, OK, ERROR)).isEqualTo(Verdict.FROM_HERE_ON);
    assertThat(differences.judge(INFO, OK, ERROR)).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void whatIsListedAndDoesNotOccurIsKnown() {
    differences.judge(INFO, group(1, 2), group(1, 3));
    assertThat(differences.account()).containsExactly("LAG 1");
    assertThat(differences.absent()).containsExactly(Difference.XSETID);
  }

  @Test
  void aConsumerWithNothingPendingIsNobodyToOldServers() {
    Value idle = consumer("c1", 0);
    Value busy = consumer("c2", 1);
    Value both = new Value.Many('*', List.of(idle, busy));
    assertThat(Fields.withoutIdleConsumers(both)).isEqualTo(new Value.Many('*', List.of(busy)));
  }

  private static Value consumer(String name, long pending) {
    List<Value> pairs =
        List.of(
            new Value.Bulk("name"),
            new Value.Bulk(name),
            new Value.Bulk("pending"),
            new Value.Whole(pending),
            new Value.Bulk("idle"),
            new Value.Line("since 0"));
    return new Value.Many('*', pairs);
  }
}
