package io.millstream.spring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import io.millstream.codec.MessageStream;
import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.test.app.Billing;
import io.millstream.spring.test.app.Counter;
import io.millstream.spring.test.app.Order;
import io.millstream.spring.test.app.Shop;
import io.millstream.test.TestMillstream;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** The slice: listeners, and nothing else of the application. */
@MillstreamTest(properties = "millstream.listener.retry.max-deliveries=3")
@ContextConfiguration(classes = Shop.class)
class MillstreamTestTest {
  private static final MessageStream<Order> ORDERS = MessageStream.json("orders", Order.class);

  @Autowired TestMillstream millstream;
  @Autowired ListenerRegistry listeners;
  @Autowired ApplicationContext context;
  @MockitoBean Billing billing;

  @Test
  void aListenerRunsInVirtualTime() {
    willThrow(new IllegalStateException("down")).given(billing).charge(any());
    millstream.publish(ORDERS, new Order(7));
    verifyNoInteractions(billing); // time stands still

    millstream.advance(Duration.ofHours(1));

    verify(billing, times(3)).charge(new Order(7));
    assertThat(millstream.deadLetterPayloads(ORDERS, "billing")).containsExactly(new Order(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void eachTestStartsCleanInOneApplication(int run) {
    assertThat(millstream.deadLetters(ORDERS, "billing")).isEmpty();
    assertThat(millstream.pending(ORDERS, "billing")).isEmpty();
    assertThat(listeners.worker("charge").state().terminal()).isFalse();
    millstream.publish(ORDERS, new Order(run));
    millstream.advance(Duration.ofSeconds(1));
    verify(billing).charge(new Order(run));
    listeners.stop("charge").subscribe();
    listeners.start("by-hand");
    millstream.advance(Duration.ofSeconds(1));
    assertThat(listeners.worker("charge").state()).isEqualTo(WorkerState.STOPPED);
    assertThat(listeners.worker("by-hand").state()).isEqualTo(WorkerState.RUNNING);
  }

  @Test
  void nothingElseOfTheApplicationIsThere() {
    assertThat(context.getBeanProvider(Counter.class).getIfAvailable()).isNull();
    assertThat(context.getBeanProvider(RedisConnectionFactory.class).getIfAvailable()).isNull();
  }
}
