package io.millstream.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.examples.chaos.Fault.Kind;
import io.millstream.examples.chaos.Fault.Subject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final Duration MINUTE = Duration.ofSeconds(60);

  private static List<Plan> plans() {
    return LongStream.range(0, 200).mapToObj(seed -> Plan.draw(seed, MINUTE, kind -> true)).toList();
  }

  @Test
  void theSameSeedMakesTheSamePlanAndAnotherSeedAnother() {
    assertThat(Plan.draw(7, MINUTE, kind -> true)).isEqualTo(Plan.draw(7, MINUTE, kind -> true));
    assertThat(Set.copyOf(plans())).hasSize(200);
  }

  @Test
  void beginsWhenProcessesHadTheirStartAndIsOverInTime() {
    assertThat(plans())
        .allSatisfy(
            plan -> {
              assertThat(plan.faults()).isSortedAccordingTo(Comparator.comparing(Fault::at));
              assertThat(plan.faults().get(0).at()).isEqualTo(Plan.FIRST);
              assertThat(plan.faults())
                  .allSatisfy(fault -> assertThat(fault.end()).isLessThanOrEqualTo(MINUTE));
            });
  }

  @Test
  void hitsNothingThatIsBeingHit() {
    for (Plan plan : plans()) {
      for (int i = 0; i < plan.faults().size(); i++) {
        Fault one = plan.faults().get(i);
        for (Fault other : plan.faults().subList(i + 1, plan.faults().size())) {
          boolean sameSubject =
              one.kind().subject == other.kind().subject
                  && (one.kind().subject != Subject.WORKER || one.target() == other.target());
          if (sameSubject) {
            assertThat(other.at()).as("%s, then %s", one, other).isGreaterThan(one.end());
          }
        }
      }
    }
  }

  @Test
  void hitsEveryTargetInEveryWay() {
    List<Fault> all = plans().stream().flatMap(plan -> plan.faults().stream()).toList();

    assertThat(all.stream().map(Fault::kind).collect(Collectors.toSet())).contains(Kind.values());
    assertThat(targets(all, Subject.WORKER)).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    assertThat(targets(all, Subject.SERVER)).containsExactly(0);
    assertThat(targets(all, Subject.CONNECTIONS)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
  }

  private static Set<Integer> targets(List<Fault> faults, Subject subject) {
    return faults.stream()
        .filter(fault -> fault.kind().subject == subject)
        .map(Fault::target)
        .collect(Collectors.toSet());
  }

  @Test
  void freezesWorkersPastTheirLeases() {
    assertThat(plans().stream().flatMap(plan -> plan.faults().stream()))
        .filteredOn(
            fault -> fault.kind() == Kind.FREEZE_WORKER && fault.end().compareTo(MINUTE) < 0)
        .isNotEmpty()
        .allSatisfy(fault -> assertThat(fault.lasting()).isGreaterThan(Rules.VISIBILITY));
  }

  @Test
  void aFaultCanBeReadByAPerson() {
    assertThat(new Fault(Plan.FIRST, Kind.FREEZE_WORKER, 3, Duration.ofMillis(4250)))
        .hasToString("freeze worker-3, 4.3 s");
    assertThat(new Fault(Plan.FIRST, Kind.CUT, 6, Duration.ZERO))
        .hasToString("cut the connections of publisher-1");
    assertThat(new Fault(Plan.FIRST, Kind.CUT, 0, Duration.ZERO))
        .hasToString("cut the connections of all");
  }
}
