package io.millstream.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.codec.MessageStream;
import io.millstream.spring.MillstreamListener;
import io.millstream.spring.MillstreamRetry;
import io.millstream.spring.actuate.MillstreamEndpoint.Action;
import io.millstream.spring.actuate.MillstreamEndpoint.DeadLetterReport;
import io.millstream.spring.actuate.MillstreamEndpoint.GroupReport;
import io.millstream.spring.actuate.MillstreamEndpoint.ListenerReport;
import io.millstream.spring.autoconfigure.Apps;
import io.millstream.test.TestMillstream;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

/** What the endpoint shows and does. */
class MillstreamEndpointTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");

  static class Job {
    @MillstreamListener(
        stream = "jobs",
        group = "g",
        concurrency = "2",
        readAhead = "0",
        consumer = "me")
    Mono<Void> run(String payload) {
      return Mono.never();
    }
  }

  private static ApplicationContextRunner app() {
    return Apps.virtual()
        .withConfiguration(AutoConfigurations.of(MillstreamEndpointAutoConfiguration.class))
        .withPropertyValues("management.endpoints.web.exposure.include=millstream")
        .withBean(Job.class);
  }

  @Test
  void aListenerIsShownWithItsGroup() {
    app()
        .run(
            context -> {
              TestMillstream millstream = context.getBean(TestMillstream.class);
              MillstreamEndpoint endpoint = context.getBean(MillstreamEndpoint.class);
              for (int i = 0; i < 5; i++) {
                millstream.publish(JOBS, "secret");
              }
              millstream.advance(Duration.ofSeconds(3));

              assertThat(endpoint.listeners()).containsOnlyKeys("run");
              ListenerReport report = Objects.requireNonNull(endpoint.listener("run"));
              assertThat(report.stream()).isEqualTo("jobs");
              assertThat(report.group()).isEqualTo("g");
              assertThat(report.consumer()).isEqualTo("me");
              assertThat(report.state()).isEqualTo(WorkerState.RUNNING);
              assertThat(report.since()).isGreaterThan(Duration.ZERO);
              assertThat(report.load().running()).isEqualTo(2);
              GroupReport group = Objects.requireNonNull(report.inRedis());
              assertThat(group.pending()).isEqualTo(2);
              assertThat(group.lag()).isEqualTo(3);
              assertThat(group.oldestPending()).isEqualTo("1767225600000-0");
              assertThat(group.deadLetters()).isZero();
              assertThat(group.consumers()).extracting(who -> who.name()).containsExactly("me");
              assertThat(endpoint.listener("nobody")).isNull();
            });
  }

  @Test
  void withoutRedisTheListenerIsShownAllTheSame() {
    app()
        .run(
            context -> {
              TestMillstream millstream = context.getBean(TestMillstream.class);
              millstream.advance(Duration.ofSeconds(1));
              millstream.server().faults().disconnect();
              millstream.advance(Duration.ofSeconds(1));
              ListenerReport report =
                  Objects.requireNonNull(context.getBean(MillstreamEndpoint.class).listener("run"));
              assertThat(report.state()).isEqualTo(WorkerState.BACKING_OFF);
              assertThat(report.trouble()).isNotBlank();
              assertThat(report.inRedis()).isNull();
              millstream.server().faults().connect();
            });
  }

  @Test
  void aListenerIsPausedResumedStoppedAndStarted() {
    app()
        .run(
            context -> {
              TestMillstream millstream = context.getBean(TestMillstream.class);
              MillstreamEndpoint endpoint = context.getBean(MillstreamEndpoint.class);
              millstream.advance(Duration.ofSeconds(1));
              for (Object[] step :
                  new Object[][] {
                    {Action.PAUSE, WorkerState.PAUSED},
                    {Action.RESUME, WorkerState.RUNNING},
                    {Action.STOP, WorkerState.STOPPED},
                    {Action.START, WorkerState.RUNNING}
                  }) {
                assertThat(endpoint.act("run", (Action) step[0], null)).containsKey("state");
                millstream.advance(Duration.ofSeconds(30));
                assertThat(Objects.requireNonNull(endpoint.listener("run")).state())
                    .isEqualTo(step[1]);
              }
              assertThat(endpoint.act("nobody", Action.PAUSE, null)).isNull();
            });
  }

  static class Refusing {
    boolean works;
    int handled;

    @MillstreamListener(
        id = "run",
        stream = "jobs",
        group = "g",
        retry = @MillstreamRetry(maxDeliveries = "1"))
    void run(String payload) {
      if (!works) {
        throw new IllegalStateException("not now");
      }
      handled++;
    }
  }

  @Test
  void deadLettersAreShownWithoutTheirPayloadsAndRedriven() {
    Apps.virtual()
        .withConfiguration(AutoConfigurations.of(MillstreamEndpointAutoConfiguration.class))
        .withPropertyValues("management.endpoints.web.exposure.include=millstream")
        .withBean(Refusing.class)
        .run(
            context -> {
              TestMillstream millstream = context.getBean(TestMillstream.class);
              MillstreamEndpoint endpoint = context.getBean(MillstreamEndpoint.class);
              for (int i = 0; i < 3; i++) {
                millstream.publish(JOBS, "secret");
              }
              millstream.advance(Duration.ofSeconds(1));

              List<DeadLetterReport> letters =
                  Objects.requireNonNull(endpoint.part("run", "dead-letters", null));
              assertThat(letters).hasSize(3);
              assertThat(letters.get(0).reason()).isEqualTo("deliveries spent");
              assertThat(letters.get(0).exception())
                  .isEqualTo("java.lang.IllegalStateException: not now");
              assertThat(letters.toString()).doesNotContain("secret");
              assertThat(endpoint.part("run", "dead-letters", 2)).hasSize(2);
              assertThat(endpoint.part("run", "something", null)).isNull();
              assertThat(endpoint.part("nobody", "dead-letters", null)).isNull();

              context.getBean(Refusing.class).works = true;
              assertThat(endpoint.act("run", Action.REDRIVE, letters.get(0).letter()))
                  .containsEntry("redriven", Map.of("IN_PLACE", 1L));
              assertThat(endpoint.act("run", Action.REDRIVE, null))
                  .containsEntry("redriven", Map.of("IN_PLACE", 2L));
              millstream.advance(Duration.ofMinutes(1));
              assertThat(context.getBean(Refusing.class).handled).isEqualTo(3);
              assertThatThrownBy(() -> endpoint.act("run", Action.REDRIVE, "<b>"))
                  .isInstanceOf(InvalidEndpointRequestException.class)
                  .hasMessageContaining("expected the id of a dead letter");
            });
  }

  @Test
  void itIsThereOnlyWhereItIsExposed() {
    app()
        .withPropertyValues("management.endpoints.web.exposure.include=health")
        .run(context -> assertThat(context).doesNotHaveBean(MillstreamEndpoint.class));
  }

  @Test
  void withoutTheActuatorNothingIsMissing() {
    Apps.without("org.springframework.boot.actuate")
        .withBean(Job.class)
        .run(context -> assertThat(context).hasNotFailed().hasBean("millstreamListeners"));
  }
}
