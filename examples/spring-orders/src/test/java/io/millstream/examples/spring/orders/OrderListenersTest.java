package io.millstream.examples.spring.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.millstream.codec.MessageStream;
import io.millstream.spring.test.MillstreamTest;
import io.millstream.test.TestMillstream;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** The listeners alone, in memory and in virtual time. */
@MillstreamTest
class OrderListenersTest {
  private static final MessageStream<Order> ORDERS =
      MessageStream.json("order:events", Order.class);

  @Autowired TestMillstream millstream;
  @MockitoBean Billing billing;

  @Test
  void anOrderIsCharged() {
    Order order = new Order(7, new BigDecimal("12.00"));
    millstream.publish(ORDERS, order);
    millstream.advance(Duration.ofSeconds(1));

    verify(billing).charge(order);
    assertThat(millstream.pending(ORDERS, "billing")).isEmpty();
  }

  @Test
  void billingThatIsDownIsAskedFiveTimesAndThenTheOrderIsGivenUp() {
    Order order = new Order(7, new BigDecimal("12.00"));
    willThrow(new IllegalStateException("down")).given(billing).charge(any());
    millstream.publish(ORDERS, order);
    millstream.advance(Duration.ofHours(1));

    verify(billing, times(5)).charge(order);
    verify(billing).giveUp(order, "deliveries spent");
  }

  @Test
  void anOrderThatCostsNothingIsNeverCharged() {
    millstream.publish(ORDERS, new Order(7, BigDecimal.ZERO));
    millstream.advance(Duration.ofSeconds(1));

    verify(billing, never()).charge(any());
    verify(billing).giveUp(any(), eq("not decodable"));
  }
}
