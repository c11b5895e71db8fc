package io.millstream.spring.test.app;

import io.millstream.entry.EntryId;
import io.millstream.publish.MessagePublisher;
import io.millstream.spring.MillstreamPublisher;
import java.util.Objects;
import org.springframework.stereotype.Service;

/** What publishes. */
@Service
public class Counter {
  private final MessagePublisher<Order> orders;

  Counter(@MillstreamPublisher("orders") MessagePublisher<Order> orders) {
    this.orders = orders;
  }

  /** Takes an order. */
  public EntryId take(long id) {
    return Objects.requireNonNull(orders.publish(new Order(id)).block());
  }
}
