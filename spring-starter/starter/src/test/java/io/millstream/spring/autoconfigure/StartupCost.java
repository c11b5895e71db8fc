package io.millstream.spring.autoconfigure;

import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.MillstreamListener;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/**
 * How long an application with so many listeners takes to start, in a JVM of its own or in one that
 * is warm.
 */
final class StartupCost {
  record Order(long id, String amount) {}

  static final class Ids {
    private final AtomicInteger last = new AtomicInteger();

    public String next() {
      return "listener-" + last.incrementAndGet();
    }
  }

  static class Listening {
    @MillstreamListener(id = "#{@ids.next()}", stream = "orders", group = "g", concurrency = "4")
    void charge(Order order) {}
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({MillstreamAutoConfiguration.class, JacksonAutoConfiguration.class})
  static class Application {
    @Bean
    Ids ids() {
      return new Ids();
    }
  }

  private StartupCost() {}

  /** With the number of listeners as its argument; prints the milliseconds. */
  public static void main(String[] args) {
    Duration time = start(Integer.parseInt(args[0]));
    System.out.println("started in " + time.toMillis() + " ms");
  }

  static Duration start(int listeners) {
    SpringApplication application = new SpringApplication(Application.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.addInitializers(
        context -> {
          for (int i = 0; i < listeners; i++) {
            ((GenericApplicationContext) context)
                .registerBeanDefinition("listening" + i, new RootBeanDefinition(Listening.class));
          }
        });
    long before = System.nanoTime();
    try (ConfigurableApplicationContext context =
        application.run("--millstream.engine=memory", "--spring.main.banner-mode=off")) {
      Duration time = Duration.ofNanos(System.nanoTime() - before);
      if (context.getBean(ListenerRegistry.class).ids().size() != listeners) {
        throw new IllegalStateException("not all listeners are there");
      }
      return time;
    }
  }
}
