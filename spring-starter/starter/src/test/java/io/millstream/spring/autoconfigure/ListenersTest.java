package io.millstream.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.MillstreamListener;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How listeners come and go with the application, and one by one. */
@ExtendWith(OutputCaptureExtension.class)
class ListenersTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");

  static class Job {
    final List<String> seen = new CopyOnWriteArrayList<>();

    @MillstreamListener(stream = "jobs", group = "g")
    void runJob(String payload) {
      seen.add(payload);
    }

    @MillstreamListener(id = "other", stream = "others", group = "g", autoStartup = "false")
    void runOther(String payload) {
      seen.add(payload);
    }
  }

  private static ApplicationContextRunner inMemory() {
    return Apps.plain().withPropertyValues("millstream.engine=memory");
  }

  @Test
  void theIdIsTheMethodsNameInKebabCase() {
    inMemory()
        .withBean(Job.class)
        .run(
            context ->
                assertThat(context.getBean(ListenerRegistry.class).ids())
                    .containsExactly("run-job", "other"));
  }

  @Test
  void listenersStartWithTheApplicationUnlessTheyAreToldOtherwise() {
    inMemory()
        .withBean(Job.class)
        .run(
            context -> {
              ListenerRegistry listeners = context.getBean(ListenerRegistry.class);
              listeners.worker("run-job").whenRunning().block(Duration.ofSeconds(10));
              assertThat(listeners.worker("other").state()).isEqualTo(WorkerState.NEW);
            });
    inMemory()
        .withBean(Job.class)
        .withPropertyValues(
            "millstream.auto-startup=false", "millstream.listeners.other.auto-startup=true")
        .run(
            context -> {
              ListenerRegistry listeners = context.getBean(ListenerRegistry.class);
              listeners.worker("other").whenRunning().block(Duration.ofSeconds(10));
              assertThat(listeners.worker("run-job").state()).isEqualTo(WorkerState.NEW);
            });
  }

  @Test
  void aListenerIsStartedStoppedAndPausedById() {
    inMemory()
        .withBean(Job.class)
        .run(
            context -> {
              ListenerRegistry listeners = context.getBean(ListenerRegistry.class);
              Job job = context.getBean(Job.class);
              Worker first = listeners.worker("run-job");
              first.whenRunning().block(Duration.ofSeconds(10));

              listeners.pause("run-job").block(Duration.ofSeconds(10));
              assertThat(first.state()).isEqualTo(WorkerState.PAUSED);
              listeners.millstream("run-job").publisher(JOBS).publish("a").block();
              listeners.resume("run-job");
              await().untilAsserted(() -> assertThat(job.seen).containsExactly("a"));

              listeners.stop("run-job").block(Duration.ofSeconds(10));
              assertThat(first.state()).isEqualTo(WorkerState.STOPPED);
              listeners.millstream("run-job").publisher(JOBS).publish("b").block();
              listeners.start("run-job");
              assertThat(listeners.worker("run-job")).isNotSameAs(first);
              await().untilAsserted(() -> assertThat(job.seen).containsExactly("a", "b"));

              Worker second = listeners.worker("run-job");
              listeners.start("run-job"); // runs already
              assertThat(listeners.worker("run-job")).isSameAs(second);
              assertThatThrownBy(() -> listeners.start("nobody"))
                  .hasMessage("listener: 'nobody', expected one of [run-job, other]");
            });
  }

  @Test
  void stoppedAndStartedAgainTheContextWorksOn() {
    inMemory()
        .withBean(Job.class)
        .run(
            context -> {
              ListenerRegistry listeners = context.getBean(ListenerRegistry.class);
              Worker first = listeners.worker("run-job");
              context.stop();
              assertThat(first.state()).isEqualTo(WorkerState.STOPPED);
              context.start();
              listeners.millstream("run-job").publisher(JOBS).publish("a").block();
              Job job = context.getBean(Job.class);
              await().untilAsserted(() -> assertThat(job.seen).containsExactly("a"));
            });
  }

  static class Slow {
    final List<String> seen = new CopyOnWriteArrayList<>();
    volatile boolean closed;

    @MillstreamListener(stream = "jobs", group = "g")
    void run(String payload) throws InterruptedException {
      seen.add("starts");
      Thread.sleep(500);
      seen.add(closed ? "its bean was gone" : "ends");
    }

    @PreDestroy
    void close() {
      closed = true;
    }
  }

  @Test
  void theEndOfTheApplicationWaitsForListenersBeforeTheirBeansGo() {
    Slow slow = new Slow();
    inMemory()
        .withBean(Slow.class, () -> slow)
        .run(
            context -> {
              context.getBean(Millstream.class).publisher(JOBS).publish("a").block();
              await().untilAsserted(() -> assertThat(slow.seen).containsExactly("starts"));
            });
    assertThat(slow.seen).containsExactly("starts", "ends");
    assertThat(slow.closed).isTrue();
  }

  @Test
  void listenersStartLastAndStopFirst() {
    inMemory()
        .run(
            context ->
                assertThat(context.getBean(Listeners.class).getPhase())
                    .isEqualTo(Integer.MAX_VALUE - 100));
  }

  @Test
  void aServerThatIsDownDoesNotKeepTheApplicationFromStarting() {
    Apps.plain()
        .withBean(Job.class)
        .withPropertyValues("spring.data.redis.port=1")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              Worker worker = context.getBean(ListenerRegistry.class).worker("run-job");
              await()
                  .untilAsserted(
                      () -> assertThat(worker.state()).isEqualTo(WorkerState.BACKING_OFF));
            });
  }

  @Test
  void aServerThatIsDownFailsTheStartWhereThatIsAskedFor() {
    Apps.plain()
        .withBean(Job.class)
        .withPropertyValues(
            "spring.data.redis.port=1",
            "millstream.fail-fast=true",
            "millstream.fail-fast-timeout=1s")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .satisfies(
                        root ->
                            assertThat(String.valueOf(context.getStartupFailure().getCause()))
                                .contains("within PT1S: run-job: ")));
  }

  @Test
  void aStartThatIsToFailFastWaitsForListenersToRun() {
    inMemory()
        .withBean(Job.class)
        .withPropertyValues("millstream.fail-fast=true")
        .run(
            context ->
                assertThat(context.getBean(ListenerRegistry.class).worker("run-job").state())
                    .isEqualTo(WorkerState.RUNNING));
  }

  static class Twin {
    @MillstreamListener(stream = "jobs", group = "g")
    void runJob(String payload) {}
  }

  @Test
  void twoListenersOfOneIdAreRefused() {
    inMemory()
        .withBean(Job.class)
        .withBean(Twin.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasMessageContaining("Two listeners have the id 'run-job'")
                    .hasMessageContaining("Job.runJob")
                    .hasMessageContaining("Twin.runJob"));
  }

  static class BadId {
    @MillstreamListener(id = "runJob", stream = "jobs", group = "g")
    void run(String payload) {}
  }

  @Test
  void anIdThatCannotStandInAPropertyIsRefused() {
    inMemory()
        .withBean(BadId.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasMessageContaining("'runJob'")
                    .hasMessageContaining("charge-orders"));
  }

  @Test
  void aListenerOfABeanThatIsNoSingletonIsRefused() {
    inMemory()
        .withBean(Job.class, Job::new, job -> job.setScope(BeanDefinition.SCOPE_PROTOTYPE))
        .run(
            context -> assertThat(context).getFailure().hasMessageContaining("is not a singleton"));
  }

  @Test
  void aLazyBeansListenerWorksToo() {
    inMemory()
        .withBean(Job.class, Job::new, job -> job.setLazyInit(true))
        .run(
            context ->
                assertThat(context.getBean(ListenerRegistry.class).ids()).contains("run-job"));
  }

  @Test
  void propertiesOfAListenerThatIsNotThereAreNamed(CapturedOutput output) {
    inMemory()
        .withBean(Job.class)
        .withPropertyValues("millstream.listeners.run-jop.concurrency=3")
        .run(context -> assertThat(context).hasNotFailed());
    assertThat(output).contains("millstream.listeners.run-jop: no listener has this id");
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration(MillstreamAutoConfiguration.class)
  static class WrongApplication {
    @Bean
    NoGroup noGroup() {
      return new NoGroup();
    }
  }

  static class NoGroup {
    @MillstreamListener(stream = "jobs")
    void run(String payload) {}
  }

  @Test
  void theFailureIsShownWithWhatToDoInPlaceOfAStackTrace(CapturedOutput output) {
    SpringApplication application = new SpringApplication(WrongApplication.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    assertThatThrownBy(() -> application.run("--millstream.engine=memory"))
        .hasMessageContaining("has no group");
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("The listener 'run' (@MillstreamListener on NoGroup.run) has no group.")
        .contains("Set the attribute 'group', or the property 'millstream.listeners.run.group'.");
  }
}
