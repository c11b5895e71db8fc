package io.millstream.spring.autoconfigure;

import io.millstream.test.TestMillstream;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A user's own Millstream, in memory and in virtual time. */
@Configuration(proxyBeanMethods = false)
class VirtualTime {
  @Bean(destroyMethod = "")
  TestMillstream millstream() {
    return TestMillstream.create();
  }

  /** Lets the time pass that stopping takes. */
  @Bean
  SmartLifecycle stopsVirtualTime(TestMillstream millstream) {
    return new SmartLifecycle() {
      private boolean running;

      @Override
      public void start() {
        running = true;
      }

      @Override
      public void stop() {
        running = false;
        millstream.close();
      }

      @Override
      public boolean isRunning() {
        return running;
      }

      @Override
      public int getPhase() {
        return Listeners.PHASE + 1;
      }
    };
  }
}
