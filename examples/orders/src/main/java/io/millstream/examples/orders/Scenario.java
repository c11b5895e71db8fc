package io.millstream.examples.orders;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What happens to which order, drawn from a seed.
 *
 * <p>So that the account has the same figures on every server, each worker has a fixed {@link
 * #SHARE}, and all trouble is in the first {@link #FIRST_BATCH} orders, fewer than a share: when a
 * worker reaches its share, no order waits for a retry any more.
 */
final class Scenario {
  static final int ORDERS = 300;
  static final int FIRST_BATCH = 100;
  static final int SHARE = 120;
  static final int CONCURRENCY = 4;
  static final int MAX_DELIVERIES = 5;
  static final Duration WORK = Duration.ofMillis(25);

  private static final int UNLUCKY = 5;
  private static final List<String> CUSTOMERS =
      List.of("Ada", "Grace", "Edsger", "Barbara", "Tony");

  private final long seed;
  private final List<Order> orders;
  private final Map<Integer, Integer> failures = new HashMap<>();
  private final int poison;

  Scenario(long seed) {
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    this.orders =
        IntStream.rangeClosed(1, ORDERS).mapToObj(number -> order(number, random)).toList();
    while (failures.size() < UNLUCKY) {
      failures.put(random.nextInt(1, FIRST_BATCH + 1), random.nextInt(1, MAX_DELIVERIES - 1));
    }
    int drawn;
    do {
      drawn = random.nextInt(1, FIRST_BATCH + 1);
    } while (failures.containsKey(drawn));
    this.poison = drawn;
  }

  private static Order order(int number, SplittableRandom random) {
    return new Order(
        number,
        CUSTOMERS.get(random.nextInt(CUSTOMERS.size())),
        BigDecimal.valueOf(random.nextInt(500, 20_000), 2));
  }

  long seed() {
    return seed;
  }

  List<Order> firstBatch() {
    return orders.subList(0, FIRST_BATCH);
  }

  List<Order> rest() {
    return orders.subList(FIRST_BATCH, ORDERS);
  }

  /** Whether the order fails each time. */
  boolean isPoison(Order order) {
    return order.number() == poison;
  }

  /** Whether the order fails at this delivery; it does not fail for ever. */
  boolean failsAt(Order order, long delivery) {
    return delivery <= failures.getOrDefault(order.number(), 0);
  }
}
