package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Job.Kind;
import java.util.SplittableRandom;

/**
 * Which messages a publisher publishes: the same for the same seed.
 *
 * <p>Only the first publisher publishes poison, and seldom: each costs the group {@link
 * Rules#MAX_DELIVERIES} JVMs.
 */
record Workload(long seed) {
  private static final int POISON_EVERY = 600;
  private static final int FIRST_POISON = 50;
  private static final int FLAKY_PERCENT = 6;
  private static final int SLOW_PERCENT = 1;

  Job job(int publisher, int number) {
    SplittableRandom random = new SplittableRandom(seed * 31 + publisher * 1_000_003L + number);
    if (publisher == 1 && number % POISON_EVERY == FIRST_POISON) {
      return new Job(publisher, number, Kind.POISON, 0);
    }
    int drawn = random.nextInt(100);
    if (drawn < SLOW_PERCENT) {
      return new Job(publisher, number, Kind.SLOW, 0);
    }
    if (drawn < SLOW_PERCENT + FLAKY_PERCENT) {
      return new Job(publisher, number, Kind.FLAKY, random.nextInt(1, 3));
    }
    return new Job(publisher, number, Kind.PLAIN, 0);
  }
}
