package io.millstream.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.publish.MessagePublisher;
import io.millstream.spring.MillstreamListener;
import io.millstream.spring.MillstreamPublisher;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

/** An application that is processed ahead of time, as for a native image. */
class AotTest {
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

  private static void processed(Consumer<TestGenerationContext> test) {
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      context.register(Application.class);
      inMemory(context);
      TestGenerationContext generation =
          new TestGenerationContext(
              ClassName.get("io.millstream.spring.autoconfigure", "AotTestApplication"));
      new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
      generation.writeGeneratedContent();
      test.accept(generation);
    }
  }

  @Test
  void theGeneratedCodeStartsAnApplicationThatWorks() {
    processed(
        generation ->
            TestCompiler.forSystem()
                .with(generation)
                .compile(
                    compiled -> {
                      GenericApplicationContext context = new GenericApplicationContext();
                      inMemory(context);
                      start(compiled.getInstance(ApplicationContextInitializer.class), context);
                      try (context) {
                        Order order = new Order(7, List.of(new Part("wheel")));
                        context
                            .getBean(Desk.class)
                            .orders
                            .publish(order)
                            .block(Duration.ofSeconds(5));
                        await()
                            .untilAsserted(
                                () ->
                                    assertThat(context.getBean(Charging.class).seen)
                                        .containsExactly(order));
                      }
                    }));
  }

  @SuppressWarnings("unchecked")
  private static void start(
      ApplicationContextInitializer<?> initializer, GenericApplicationContext context) {
    ((ApplicationContextInitializer<GenericApplicationContext>) initializer).initialize(context);
    context.refresh();
  }

  @Test
  void whatIsReflectedIsKept() {
    processed(
        generation -> {
          RuntimeHints hints = generation.getRuntimeHints();
          assertThat(hints)
              .matches(
                  RuntimeHintsPredicates.reflection()
                      .onMethodInvocation(method(Charging.class, "charge")))
              .matches(
                  RuntimeHintsPredicates.reflection()
                      .onMethodInvocation(method(Order.class, "parts")))
              .matches(
                  RuntimeHintsPredicates.reflection()
                      .onMethodInvocation(method(Part.class, "name")))
              .matches(
                  RuntimeHintsPredicates.reflection()
                      .onMethodInvocation(method(Invoice.class, "id")))
              .matches(
                  RuntimeHintsPredicates.resource()
                      .forResource("io/millstream/engine/lettuce/renew.lua"));
          assertThat(getClass().getResource("/io/millstream/engine/lettuce/renew.lua")).isNotNull();
        });
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
