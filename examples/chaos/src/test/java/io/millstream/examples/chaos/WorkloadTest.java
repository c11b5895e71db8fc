package io.millstream.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.examples.chaos.Job.Kind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static List<Job> jobs(long seed, int publisher) {
    Workload workload = new Workload(seed);
    return IntStream.rangeClosed(1, 1500)
        .mapToObj(number -> workload.job(publisher, number))
        .toList();
  }

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(jobs(7, 1)).isEqualTo(jobs(7, 1)).isNotEqualTo(jobs(8, 1));
  }

  @Test
  void hasJobsOfEachKindAndLittlePoison() {
    assertThat(jobs(7, 1).stream().map(Job::kind).collect(Collectors.toSet()))
        .contains(Kind.values());
    assertThat(jobs(7, 1)).filteredOn(job -> job.kind() == Kind.POISON).hasSize(3);
    assertThat(jobs(7, 2)).noneMatch(job -> job.kind() == Kind.POISON);
  }

  @Test
  void failsNoJobSoOftenThatItsDeliveriesAreSpent() {
    assertThat(jobs(7, 2))
        .filteredOn(job -> job.kind() == Kind.FLAKY)
        .isNotEmpty()
        .allSatisfy(job -> assertThat(job.failures()).isBetween(1, Rules.MAX_DELIVERIES / 2));
  }

  @Test
  void aJobTravelsAsText() {
    Job job = new Job(2, 17, Kind.FLAKY, 1);

    assertThat(job.text()).isEqualTo("2-17 flaky 1");
    assertThat(Job.parse(job.text())).isEqualTo(job);
    assertThatThrownBy(() -> Job.parse("2-17 flaky"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2-17 flaky");
  }
}
