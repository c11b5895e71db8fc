package io.millstream.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import io.millstream.codec.MessageStream;
import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.MillstreamListener;
import io.millstream.spring.autoconfigure.Apps;
import io.millstream.spring.autoconfigure.MillstreamProperties;
import io.millstream.test.TestMillstream;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

/** What health tells of listeners. */
class MillstreamHealthTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");

  static class Job {
    @MillstreamListener(stream = "jobs", group = "g", onLostGroup = "fail")
    Mono<Void> run(String payload) {
      return Mono.never();
    }
  }

  private static ApplicationContextRunner app() {
    return Apps.virtual()
        .withConfiguration(AutoConfigurations.of(MillstreamHealthAutoConfiguration.class))
        .withBean(Job.class);
  }

  record App(
      TestMillstream millstream,
      ListenerRegistry listeners,
      MillstreamHealthIndicator readiness,
      MillstreamLoopsHealthIndicator liveness) {
    Health ready() {
      return Objects.requireNonNull(readiness.health());
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> details() {
      return (Map<String, Object>) Objects.requireNonNull(ready().getDetails().get("run"));
    }

    App advance(long seconds) {
      millstream.advance(Duration.ofSeconds(seconds));
      return this;
    }
  }

  private static void run(ApplicationContextRunner app, Consumer<App> test) {
    app.run(
        context -> {
          assertThat(context).hasNotFailed();
          test.accept(
              new App(
                  context.getBean(TestMillstream.class),
                  context.getBean(ListenerRegistry.class),
                  context.getBean(MillstreamHealthIndicator.class),
                  context.getBean(MillstreamLoopsHealthIndicator.class)));
        });
  }

  @Test
  void aRunningListenerIsUpWithItsStateAndTheOldestPending() {
    run(
        app(),
        app -> {
          app.millstream().publish(JOBS, "secret");
          app.advance(5);
          assertThat(app.ready().getStatus()).isEqualTo(Status.UP);
          assertThat(app.details())
              .containsEntry("state", WorkerState.RUNNING)
              .containsEntry("since", "PT5S")
              .containsEntry("held", 1)
              .containsEntry("oldestPending", "1767225600000-0, published 2026-01-01T00:00:00Z")
              .containsKey("loopAge");
          assertThat(app.ready().toString()).doesNotContain("secret");
        });
  }

  @Test
  void oneThatBacksOffIsDownOnlyAfterAWhileAndIsNeverDead() {
    run(
        app().withPropertyValues("millstream.health.down-after=40s"),
        app -> {
          app.advance(1);
          app.millstream().server().faults().disconnect();
          app.advance(30);
          assertThat(app.details())
              .containsEntry("state", WorkerState.BACKING_OFF)
              .containsKey("trouble");
          assertThat(app.ready().getStatus()).isEqualTo(Status.UP);
          app.advance(30);
          assertThat(app.ready().getStatus()).isEqualTo(Status.DOWN);
          assertThat(Objects.requireNonNull(app.liveness().health()).getStatus())
              .isEqualTo(Status.UP);
          app.millstream().server().faults().connect();
          assertThat(app.advance(30).ready().getStatus()).isEqualTo(Status.UP);
        });
  }

  @Test
  void aLoopThatHangsIsDead() {
    Worker worker = mock();
    given(worker.state()).willReturn(WorkerState.RUNNING);
    given(worker.inState()).willReturn(Duration.ofHours(1));
    given(worker.loopDelay()).willReturn(Duration.ofSeconds(31));
    ListenerRegistry listeners = mock();
    given(listeners.ids()).willReturn(Set.of("run"));
    given(listeners.worker("run")).willReturn(worker);

    assertThat(new MillstreamLoopsHealthIndicator(listeners, Duration.ofSeconds(30)).health())
        .isEqualTo(Health.down().withDetail("run", "its loop has not turned for PT31S").build());
    assertThat(new MillstreamLoopsHealthIndicator(listeners, Duration.ofSeconds(40)).health())
        .isEqualTo(Health.up().build());
  }

  @Test
  void oneThatHasFailedIsDown() {
    run(
        app(),
        app -> {
          app.advance(1).millstream().engine().groups().destroy("jobs", "g").block();
          app.millstream().publish(JOBS, "a");
          app.advance(10);
          assertThat(app.details()).containsEntry("state", WorkerState.FAILED);
          assertThat(app.ready().getStatus()).isEqualTo(Status.DOWN);
        });
  }

  @Test
  void oneThatWasPausedOrStoppedByHandIsUp() {
    run(
        app(),
        app -> {
          app.advance(1).listeners().pause("run").subscribe();
          assertThat(app.advance(600).ready().getStatus()).isEqualTo(Status.UP);
          app.listeners().stop("run").subscribe();
          assertThat(app.advance(600).ready().getStatus()).isEqualTo(Status.UP);
          assertThat(app.details()).containsEntry("state", WorkerState.STOPPED);
        });
  }

  @Test
  void healthIsSwitchedOffAsAnyOther() {
    app()
        .withPropertyValues("management.health.millstream.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(MillstreamHealthIndicator.class));
  }

  @Test
  void withoutTheHealthModuleNothingIsMissing() {
    Apps.without("org.springframework.boot.health")
        .withBean(Job.class)
        .run(context -> assertThat(context).hasNotFailed().hasBean("millstreamListeners"));
  }

  @Test
  void howLongALoopMayHangIsAProperty() {
    app()
        .withPropertyValues("millstream.health.hung-after=5s")
        .run(
            context ->
                assertThat(context.getBean(MillstreamProperties.class).getHealth().getHungAfter())
                    .isEqualTo(Duration.ofSeconds(5)));
  }
}
