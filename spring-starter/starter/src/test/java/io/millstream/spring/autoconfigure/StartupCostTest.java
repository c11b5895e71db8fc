package io.millstream.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What listeners add to the start of an application. */
@Tag("slow")
class StartupCostTest {
  @Test
  void fiftyListenersAddLessThanThreeHundredMilliseconds() {
    StartupCost.start(50); // warms up
    Duration without = median(0);
    Duration with = median(50);

    System.out.println("startup: " + without + " without, " + with + " with 50 listeners");
    assertThat(with.minus(without)).isLessThan(Duration.ofMillis(300));
  }

  private static Duration median(int listeners) {
    return IntStream.range(0, 9)
        .mapToObj(run -> StartupCost.start(listeners))
        .sorted()
        .skip(4)
        .findFirst()
        .orElseThrow();
  }
}
