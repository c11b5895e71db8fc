package io.millstream.examples.spring.orders;

import io.millstream.spring.MillstreamListener;
import io.millstream.spring.MillstreamRetry;
import jakarta.validation.Valid;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/** What happens to orders. */
@Component
class OrderListeners {
  private final Billing billing;

  OrderListeners(Billing billing) {
    this.billing = billing;
  }

  @MillstreamListener(
      stream = "order:events",
      group = "billing",
      retry = @MillstreamRetry(deadLetterOn = Billing.CardDeclined.class))
  void charge(@Valid Order order) {
    billing.charge(order);
  }

  @MillstreamListener(stream = "order:events", deadLettersOf = "billing", group = "people-on-call")
  void giveUp(Order order, @Header("millstream-reason") String why) {
    billing.giveUp(order, why);
  }
}
