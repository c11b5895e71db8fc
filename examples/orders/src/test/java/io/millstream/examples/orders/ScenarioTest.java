package io.millstream.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScenarioTest {
  private static List<Integer> numbers(List<Order> orders, Predicate<Order> wanted) {
    return orders.stream().filter(wanted).map(Order::number).toList();
  }

  @Test
  void theSameSeedTellsTheSameStory() {
    Scenario one = new Scenario(7);
    Scenario two = new Scenario(7);

    assertThat(one.firstBatch()).isEqualTo(two.firstBatch());
    assertThat(one.rest()).isEqualTo(two.rest());
    assertThat(numbers(one.firstBatch(), one::isPoison))
        .isEqualTo(numbers(two.firstBatch(), two::isPoison));
    assertThat(numbers(one.firstBatch(), order -> one.failsAt(order, 1)))
        .isEqualTo(numbers(two.firstBatch(), order -> two.failsAt(order, 1)));
    assertThat(new Scenario(8).firstBatch()).isNotEqualTo(one.firstBatch());
  }

  @Test
  void allTroubleIsInTheFirstBatchAndOnlyThePoisonFailsToTheEnd() {
    LongStream.range(0, 200)
        .mapToObj(Scenario::new)
        .forEach(
            scenario -> {
              List<Order> first = scenario.firstBatch();
              Predicate<Order> unlucky = order -> scenario.failsAt(order, 1);
              assertThat(numbers(first, scenario::isPoison)).hasSize(1);
              assertThat(numbers(first, unlucky)).hasSize(5);
              assertThat(numbers(first, unlucky.and(scenario::isPoison))).isEmpty();
              assertThat(numbers(first, o -> scenario.failsAt(o, Scenario.MAX_DELIVERIES - 1)))
                  .isEmpty();
              assertThat(numbers(scenario.rest(), unlucky.or(scenario::isPoison))).isEmpty();
            });
  }
}
