package io.millstream.examples.spring.guide;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.millstream.codec.MessageStream;
import io.millstream.spring.MillstreamListener;
import io.millstream.spring.test.MillstreamTest;
import io.millstream.test.TestMillstream;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** The guide's test of a listener. */
class SliceTest {
  record Order(long id, String amount) {}

  interface Billing {
    void charge(Order order);
  }

  @Component
  static class Charging {
    private final Billing billing;

    Charging(Billing billing) {
      this.billing = billing;
    }

    @MillstreamListener(stream = "order:events", group = "billing")
    void charge(Order order) {
      billing.charge(order);
    }
  }

  @SpringBootConfiguration
  @Import(Charging.class)
  static class Application {}

  @Nested
  @ContextConfiguration(classes = Application.class)
  // snippet-start: slice
  @MillstreamTest
  class ChargingTest {
    @Autowired TestMillstream millstream;
    @MockitoBean Billing billing;

    @Test
    void billingThatIsDownIsAskedFiveTimes() {
      willThrow(new IllegalStateException("down")).given(billing).charge(any());
      millstream.publish(MessageStream.json("order:events", Order.class), new Order(7, "12.00"));

      millstream.advance(Duration.ofHours(1)); // takes milliseconds

      verify(billing, times(5)).charge(new Order(7, "12.00"));
    }
  }
  // snippet-end
}
