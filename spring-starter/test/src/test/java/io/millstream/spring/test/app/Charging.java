package io.millstream.spring.test.app;

import io.millstream.spring.MillstreamListener;
import org.springframework.stereotype.Component;

/** A listener. */
@Component
public class Charging {
  private final Billing billing;

  Charging(Billing billing) {
    this.billing = billing;
  }

  @MillstreamListener(stream = "orders", group = "billing")
  void charge(Order order) {
    billing.charge(order);
  }

  @MillstreamListener(stream = "orders", group = "by-hand", autoStartup = "false")
  void byHand(Order order) {}
}
