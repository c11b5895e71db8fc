package io.millstream.spring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

import io.millstream.Millstream;
import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.test.app.Billing;
import io.millstream.spring.test.app.Counter;
import io.millstream.spring.test.app.Order;
import io.millstream.spring.test.app.Shop;
import io.millstream.test.TestMillstream;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** The whole application, with everything of Millstream in memory and in virtual time. */
@SpringBootTest(
    classes = Shop.class,
    properties = {
      "millstream.engine=redis",
      "millstream.fail-fast=true",
      "spring.data.redis.port=1",
      "millstream.listener.connection-factory=somewhere",
      "spring.threads.virtual.enabled=true"
    })
@AutoConfigureTestMillstream
@DirtiesContext
class WholeApplicationTest {
  @Autowired TestMillstream millstream;
  @Autowired Millstream any;
  @Autowired Counter counter;
  @Autowired ListenerRegistry listeners;
  @Autowired ConfigurableApplicationContext context;
  @MockitoBean Billing billing;

  @Test
  void publishersAndListenersMeetInMemory() {
    counter.take(7);
    millstream.advance(Duration.ofSeconds(1));

    verify(billing).charge(new Order(7));
    assertThat(any).isSameAs(millstream);
  }

  @Test
  void anApplicationThatIsStoppedAndStartedWorksOn() {
    millstream.advance(Duration.ofSeconds(1));
    context.stop();
    assertThat(listeners.worker("charge").state()).isEqualTo(WorkerState.STOPPED);
    context.start();
    counter.take(8);
    millstream.advance(Duration.ofSeconds(1));

    verify(billing).charge(new Order(8));
  }
}
