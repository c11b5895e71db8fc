package io.millstream.examples.spring.orders;

import io.millstream.publish.MessagePublisher;
import io.millstream.spring.MillstreamPublisher;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders and tells what has become of them. */
@RestController
@RequestMapping("/orders")
class OrderController {
  private final MessagePublisher<Order> orders;
  private final Billing billing;

  OrderController(
      @MillstreamPublisher("order:events") MessagePublisher<Order> orders, Billing billing) {
    this.orders = orders;
    this.billing = billing;
  }

  /** Takes an order; it is safe in the stream when this answers. */
  @PostMapping
  @ResponseStatus(HttpStatus.ACCEPTED)
  Map<String, String> take(@RequestBody Order order) {
    return Map.of("entry", Objects.requireNonNull(orders.publish(order).block()).toString());
  }

  @GetMapping("/{id}")
  Map<String, String> state(@PathVariable("id") long id) {
    return Map.of("state", billing.state(id));
  }
}
