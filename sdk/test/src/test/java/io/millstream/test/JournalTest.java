package io.millstream.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.entry.EntryId;
import io.millstream.observe.WorkerGauges;
import io.millstream.test.Journal.WorkerEyes;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JournalTest {
  private static final EntryId ID = new EntryId(1, 0);

  private final Journal journal = new Journal(() -> Instant.EPOCH);

  private WorkerEyes worker(String name) {
    WorkerEyes eyes = journal.newWorker();
    eyes.worker("jobs", "w", NO_GAUGES).delivered(0);
    eyes.named(name);
    return eyes;
  }

  private static final WorkerGauges NO_GAUGES =
      new WorkerGauges() {
        @Override
        public int inFlight() {
          return 0;
        }

        @Override
        public int waiting() {
          return 0;
        }

        @Override
        public Duration loopAge() {
          return Duration.ZERO;
        }
      };

  /** A release lowers the count, so that another worker may start the same delivery again. */
  @Test
  void aFailureIsThatOfTheWorkerThatTellsIt() {
    WorkerEyes first = worker("first");
    WorkerEyes second = worker("second");
    first.started(ID, 1);
    second.started(ID, 1);
    first.failed(ID, 1, new IllegalStateException("no"));

    assertThat(journal.deliveries(new Place("jobs", "w")))
        .filteredOn(Delivery::failed)
        .extracting(Delivery::consumer)
        .containsExactly("first");
  }
}
