package io.millstream.examples.spring.orders;

import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Service;

/** Stands for the service that charges cards: it takes no more than 1000 at once. */
@Service
class Billing {
  private static final BigDecimal LIMIT = new BigDecimal(1_000);

  private final Map<Long, String> states = new ConcurrentHashMap<>();

  /**
   * Charges an order. A second time changes nothing: a message may be delivered more than once.
   *
   * @throws CardDeclined if it costs too much
   */
  void charge(Order order) {
    if (order.amount().compareTo(LIMIT) > 0) {
      throw new CardDeclined("more than " + LIMIT + " at once");
    }
    states.put(order.id(), "charged");
  }

  void giveUp(Order order, String why) {
    states.put(order.id(), "given up: " + why);
  }

  String state(long id) {
    return states.getOrDefault(id, "on its way");
  }

  /** Trying again would not help. */
  static final class CardDeclined extends RuntimeException {
    private static final long serialVersionUID = 1;

    CardDeclined(String message) {
      super(message);
    }
  }
}
