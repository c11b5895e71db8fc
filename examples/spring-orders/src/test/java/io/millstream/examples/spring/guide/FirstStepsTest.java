package io.millstream.examples.spring.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.publish.MessagePublisher;
import io.millstream.spring.MillstreamListener;
import io.millstream.spring.MillstreamPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The path of a new user, as the guide has it. */
@ExtendWith(OutputCaptureExtension.class)
class FirstStepsTest {
  @EnableAutoConfiguration
  @Import(Orders.class)
  static class DemoApplication {}

  // snippet-start: first-steps
  record Order(long id, String amount) {}

  @Configuration
  static class Orders {
    @MillstreamListener(stream = "order:events", group = "billing")
    void charge(Order order) {
      System.out.println("charging " + order);
    }

    @Bean
    ApplicationRunner first(@MillstreamPublisher("order:events") MessagePublisher<Order> orders) {
      return args -> orders.publish(new Order(7, "12.00")).block();
    }
  }

  // snippet-end

  @Test
  void anEmptyProjectHandlesItsFirstMessage(CapturedOutput output) {
    SpringApplication application = new SpringApplication(DemoApplication.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    try (ConfigurableApplicationContext context = application.run("--millstream.engine=memory")) {
      await().until(() -> output.getOut().contains("charging Order[id=7, amount=12.00]"));
      assertThat(context.isRunning()).isTrue();
    }
  }

  @Test
  void thatTakesAtMostFifteenLines() throws IOException {
    List<String> lines =
        Files.readAllLines(
            Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java"));
    int start = lines.indexOf("  // snippet-start: first-steps");
    int end = lines.subList(start, lines.size()).indexOf("  // snippet-end");

    assertThat(lines.subList(start + 1, start + end).stream().filter(line -> !line.isBlank()))
        .hasSizeBetween(5, 15);
  }
}
