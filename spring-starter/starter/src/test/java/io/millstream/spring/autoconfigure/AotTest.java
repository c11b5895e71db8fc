package io.millstream.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import io.millstream.publish.MessagePublisher;
import io.millstream.spring.MillstreamListener;
import io.millstream.spring.MillstreamPublisher;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** An application that is processed ahead of time, as for a native image. */
class AotTest {
  private static final String SCRIPT = "io/millstream/engine/lettuce/renew.lua";

  record Part(String name) {}

  record Order(long id, List<Part> parts) {}

  record Invoice(long id) {}

  static class Charging {
    final List<Order> seen = new CopyOnWriteArrayList<>();

    @MillstreamListener(stream = "orders", group = "g", concurrency = "${how.many:2}")
    private void charge(Order order) {
      seen.add(order);
    }
  }

  static class Desk {
    final MessagePublisher<Order> orders;

    Desk(
        @MillstreamPublisher("orders") MessagePublisher<Order> orders,
        @MillstreamPublisher("invoices") MessagePublisher<Invoice> invoices) {
      this.orders = orders;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({MillstreamAutoConfiguration.class, JacksonAutoConfiguration.class})
  static class Application {
    @Bean
    Charging charging() {
      return new Charging();
    }

    @Bean
    Desk desk(
        @MillstreamPublisher("orders") MessagePublisher<Order> orders,
        @MillstreamPublisher("invoices") MessagePublisher<Invoice> invoices) {
      return new Desk(orders, invoices);
    }
  }

  private static void inMemory(GenericApplicationContext context) {
    TestPropertyValues.of("millstream.engine=memory").applyTo(context);
  }

  private static AheadOfTime processed() {
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      context.register(Application.class);
      inMemory(context);
      return new AheadOfTime(context, AotTest.class);
    }
  }

  @Test
  void theGeneratedCodeStartsAnApplicationThatWorks(@TempDir Path folder) throws Exception {
    ApplicationContextInitializer<GenericApplicationContext> generated =
        processed().compile(folder);
    try (GenericApplicationContext context = new GenericApplicationContext()) {
      inMemory(context);
      generated.initialize(context);
      context.refresh();

      Order order = new Order(7, List.of(new Part("wheel")));
      context.getBean(Desk.class).orders.publish(order).block(Duration.ofSeconds(5));
      await()
          .untilAsserted(
              () -> assertThat(context.getBean(Charging.class).seen).containsExactly(order));
    }
  }

  @Test
  void whatIsReflectedIsKept() {
    RuntimeHints hints = processed().hints();
    assertThat(hints)
        .matches(reflection().onMethodInvocation(method(Charging.class, "charge")))
        .matches(reflection().onMethodInvocation(method(Order.class, "parts")))
        .matches(reflection().onMethodInvocation(method(Part.class, "name")))
        .matches(reflection().onMethodInvocation(method(Invoice.class, "id")))
        .matches(resource().forResource(SCRIPT));
    assertThat(getClass().getResource("/" + SCRIPT)).isNotNull();
  }

  private static Method method(Class<?> type, String name) {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        return method;
      }
    }
    throw new AssertionError(type + " has no " + name);
  }
}
