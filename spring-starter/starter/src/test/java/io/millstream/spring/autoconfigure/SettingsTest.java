package io.millstream.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.codec.MessageStream;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.message.Headers;
import io.millstream.message.Message;
import io.millstream.spring.ListenerRegistry;
import io.millstream.spring.MillstreamListener;
import io.millstream.spring.MillstreamRetry;
import io.millstream.test.TestMillstream;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

/** Every setting of a listener takes effect, from wherever it may be set. */
class SettingsTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");

  /** Says nothing itself: every attribute comes from a property {@code say.*}. */
  static class Job {
    final List<String> seen = new ArrayList<>();
    Mono<Void> result = Mono.empty();

    @MillstreamListener(
        id = "the-job",
        stream = "${say.stream:}",
        group = "${say.group:}",
        autoStartup = "${say.autoStartup:}",
        consumer = "${say.consumer:}",
        concurrency = "${say.concurrency:}",
        readAhead = "${say.readAhead:}",
        maxWaiting = "${say.maxWaiting:}",
        visibilityTimeout = "${say.visibilityTimeout:}",
        handlerTimeout = "${say.handlerTimeout:}",
        drainTimeout = "${say.drainTimeout:}",
        blockTimeout = "${say.blockTimeout:}",
        startAt = "${say.startAt:}",
        onLostGroup = "${say.onLostGroup:}",
        nudge = "${say.nudge:}",
        retry =
            @MillstreamRetry(
                maxDeliveries = "${say.retry.maxDeliveries:}",
                delay = "${say.retry.delay:}",
                multiplier = "${say.retry.multiplier:}",
                maxDelay = "${say.retry.maxDelay:}",
                jitter = "${say.retry.jitter:}"))
    Mono<Void> run(Message<String> message) {
      seen.add(message.payload() + message.delivery());
      return result;
    }
  }

  static class Batch {
    final List<Integer> seen = new ArrayList<>();

    @MillstreamListener(id = "the-job", stream = "jobs", group = "g")
    void run(List<String> batch) {
      seen.add(batch.size());
    }
  }

  record App(TestMillstream millstream, Job job, Worker worker) {
    void publish(String payload) {
      millstream.publish(JOBS, payload);
    }

    App advance(long seconds) {
      millstream.advance(Duration.ofSeconds(seconds));
      return this;
    }

    /** After failures: the deliveries within a time. */
    List<String> failing(long seconds) {
      job.result = Mono.error(new IllegalStateException("no"));
      publish("a");
      return advance(seconds).job.seen;
    }

    App hanging(int messages) {
      job.result = Mono.never();
      for (int i = 0; i < messages; i++) {
        publish("a");
      }
      return advance(1);
    }
  }

  /** Where it is set. */
  enum Place {
    OWN,
    ANNOTATION,
    ALL;

    String property(String setting) {
      return switch (this) {
        case OWN -> "millstream.listeners.the-job." + dashed(setting);
        case ALL -> "millstream.listener." + dashed(setting);
        case ANNOTATION -> "say." + setting;
      };
    }

    private static String dashed(String camelCase) {
      return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
  }

  /** The other settings that a check wants. */
  private static final List<String> BASE = List.of("say.stream=jobs", "say.group=g");

  private static Arguments of(String setting, String value, Consumer<App> check) {
    return Arguments.of(setting, value, check);
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        of(
            "autoStartup",
            "false",
            app -> assertThat(app.worker().state()).isEqualTo(WorkerState.NEW)),
        of("consumer", "me", app -> assertThat(app.worker().consumer()).isEqualTo("me")),
        of(
            "concurrency",
            "3",
            app -> assertThat(app.hanging(9).worker().load().running()).isEqualTo(3)),
        of(
            "readAhead",
            "2",
            app -> assertThat(app.hanging(30).worker().load().ready()).isEqualTo(2)),
        of(
            "maxWaiting",
            "1",
            app -> {
              app.failing(0);
              assertThat(app.advance(0).worker().state()).isEqualTo(WorkerState.SATURATED);
            }),
        of(
            "visibilityTimeout",
            "2s",
            app -> {
              app.publish("abandoned");
              Reader reader =
                  Objects.requireNonNull(app.millstream().engine().openReader().block());
              app.millstream().engine().groups().create("jobs", "g", CreateArgs.from("0")).block();
              reader.read(ReadArgs.fresh("jobs", "g", "gone", 1, null)).block();
              assertThat(app.advance(10).job().seen).containsExactly("abandoned2");
            }),
        of(
            "handlerTimeout",
            "5s",
            app -> assertThat(app.hanging(1).advance(8).job().seen).hasSizeGreaterThan(1)),
        of(
            "drainTimeout",
            "3s",
            app -> {
              app.hanging(1).worker().stop().subscribe();
              assertThat(app.advance(2).worker().state()).isEqualTo(WorkerState.STOPPING);
              assertThat(app.advance(2).worker().state()).isEqualTo(WorkerState.STOPPED);
            }),
        of(
            "blockTimeout",
            "30s",
            app -> {
              app.advance(20);
              assertThat(
                      Objects.requireNonNull(
                          app.millstream().engine().groups().infoConsumers("jobs", "g").block()))
                  .extracting(consumer -> consumer.idle())
                  .allMatch(idle -> idle.compareTo(Duration.ofSeconds(15)) > 0);
            }),
        of(
            "startAt",
            "end",
            app -> {
              app.publish("before");
              app.advance(1);
              app.publish("after");
              assertThat(app.advance(1).job().seen).containsExactly("after1");
            }),
        of(
            "onLostGroup",
            "fail",
            app -> {
              app.advance(1).millstream().engine().groups().destroy("jobs", "g").block();
              app.publish("a");
              assertThat(app.advance(10).worker().state()).isEqualTo(WorkerState.FAILED);
            }),
        of(
            "nudge",
            "true",
            app ->
                assertThat(
                        app.advance(1).millstream().server().publish(JOBS.nudgeChannel("g"), "x"))
                    .isEqualTo(1)),
        of(
            "retry.maxDeliveries",
            "2",
            app -> assertThat(app.failing(3600)).containsExactly("a1", "a2")),
        of(
            "retry.delay",
            "0s",
            app -> assertThat(app.failing(0)).containsExactly("a1", "a2", "a3", "a4", "a5")),
        of("retry.multiplier", "100", app -> assertThat(app.failing(30)).hasSize(2)),
        of("retry.maxDelay", "1s", app -> assertThat(app.failing(5)).hasSize(5)),
        of(
            "retry.jitter",
            "0",
            app -> {
              assertThat(app.failing(0)).hasSize(1);
              app.millstream().advance(Duration.ofMillis(999));
              assertThat(app.job().seen).hasSize(1);
              app.millstream().advance(Duration.ofMillis(2));
              assertThat(app.job().seen).hasSize(2);
            }));
  }

  static Stream<Arguments> settingsAndPlaces() {
    return settings()
        .flatMap(
            setting ->
                Arrays.stream(Place.values())
                    .map(
                        place ->
                            Arguments.of(
                                place, setting.get()[0], setting.get()[1], setting.get()[2])));
  }

  private static void run(List<String> properties, Consumer<App> check) {
    runner(properties)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              check.accept(
                  new App(
                      context.getBean(TestMillstream.class),
                      context.getBean(Job.class),
                      context.getBean(ListenerRegistry.class).worker("the-job")));
            });
  }

  private static ApplicationContextRunner runner(List<String> properties) {
    return Apps.virtual()
        .withBean(Job.class)
        .withPropertyValues(BASE.toArray(String[]::new))
        .withPropertyValues(properties.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("settingsAndPlaces")
  void aSettingTakesEffect(Place place, String setting, String value, Consumer<App> check) {
    run(List.of(place.property(setting) + "=" + value), check);
  }

  /** So that no check passes by default. */
  @ParameterizedTest
  @MethodSource("settings")
  void withoutTheSettingItIsOtherwise(String setting, String value, Consumer<App> check) {
    run(
        List.of(),
        app -> {
          boolean passed = true;
          try {
            check.accept(app);
          } catch (AssertionError e) {
            passed = false;
          }
          assertThat(passed).as(setting).isFalse();
        });
  }

  @Test
  void everySettingOfTheAnnotationIsTried() {
    List<String> tried =
        Stream.concat(
                settings().map(setting -> (String) setting.get()[0]),
                Stream.of(
                    "id",
                    "stream",
                    "group",
                    "deadLettersOf",
                    "connectionFactory",
                    "batchSize",
                    "retry",
                    "retry.deadLetterOn"))
            .toList();

    assertThat(tried)
        .containsAll(
            Stream.concat(
                    Arrays.stream(MillstreamListener.class.getDeclaredMethods())
                        .map(Method::getName),
                    Arrays.stream(MillstreamRetry.class.getDeclaredMethods())
                        .map(attribute -> "retry." + attribute.getName()))
                .toList());
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void streamAndGroupMayBeSetEverywhere(Place place) {
    Apps.virtual()
        .withBean(Job.class)
        .withPropertyValues(
            place.property("stream") + "=other", place.property("group") + "=people")
        .run(
            context -> {
              Worker worker = context.getBean(ListenerRegistry.class).worker("the-job");
              assertThat(worker.stream()).isEqualTo("other");
              assertThat(worker.group()).isEqualTo("people");
            });
  }

  @ParameterizedTest
  @EnumSource(names = {"OWN", "ALL"})
  void theSizeOfBatchesAndWhatIsNotRetriedMayBeSetByProperties(Place place) {
    Apps.virtual()
        .withBean(Batch.class)
        .withPropertyValues(place.property("batchSize") + "=2")
        .run(
            context -> {
              TestMillstream millstream = context.getBean(TestMillstream.class);
              for (int i = 0; i < 4; i++) {
                millstream.publish(JOBS, "a");
              }
              millstream.advance(Duration.ofSeconds(1));
              assertThat(context.getBean(Batch.class).seen).containsExactly(2, 2);
            });
    run(
        List.of(place.property("retry.deadLetterOn") + "=java.lang.IllegalStateException"),
        app -> assertThat(app.failing(3600)).containsExactly("a1"));
  }

  @Test
  void ownPropertiesGoBeforeTheAnnotationAndThatBeforeTheOnesOfAll() {
    List<String> all = new ArrayList<>();
    for (Place place : List.of(Place.ALL, Place.ANNOTATION, Place.OWN)) {
      all.add(place.property("consumer") + "=" + place.name());
      run(List.copyOf(all), app -> assertThat(app.worker().consumer()).isEqualTo(place.name()));
    }
  }

  @Test
  void ownPropertiesAreFoundAsTheEnvironmentWritesThem() {
    runner(List.of())
        .withSystemProperties("millstream.listeners.THEJOB.consumer=me")
        .run(
            context ->
                assertThat(context.getBean(ListenerRegistry.class).worker("the-job").consumer())
                    .isEqualTo("me"));
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("concurrency", "0", "1 to 100000"),
        Arguments.of("readAhead", "-1", "0 to 100000"),
        Arguments.of("maxWaiting", "0", "1 or more"),
        Arguments.of("visibilityTimeout", "10ms", "PT1S to PT24H"),
        Arguments.of("handlerTimeout", "0s", "PT0.001S or more"),
        Arguments.of("drainTimeout", "-1s", "zero or more"),
        Arguments.of("blockTimeout", "1h", "PT0.01S to PT1M"),
        Arguments.of("startAt", "somewhere", "beginning, end, or an id"),
        Arguments.of("consumer", "millstream.x", "does not start with"),
        Arguments.of("stream", "a{", "no braces"),
        Arguments.of("retry.maxDeliveries", "0", "1 or more"),
        Arguments.of("retry.delay", "-1s", "zero or more"),
        Arguments.of("retry.multiplier", "0.5", "1 or more"),
        Arguments.of("retry.maxDelay", "1ms", "at least the first delay"),
        Arguments.of("retry.jitter", "2", "0 to 1"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aWrongValueIsRefusedWithItsPropertyAndWhatIsAllowed(
      String setting, String value, String allowed) {
    runner(List.of(Place.OWN.property(setting) + "=" + value))
        .run(
            context ->
                assertThat(causes(context.getStartupFailure()))
                    .contains(Place.OWN.property(setting), allowed));
    runner(List.of(Place.ANNOTATION.property(setting) + "=" + value))
        .run(
            context ->
                assertThat(causes(context.getStartupFailure()))
                    .contains("@MillstreamListener on Job.run", allowed));
  }

  private static String causes(@Nullable Throwable failure) {
    StringBuilder all = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      all.append(cause.getMessage()).append('\n');
    }
    return all.toString();
  }

  @Test
  void whatCannotBeConvertedIsRefusedWithItsPlaceAndItsValue() {
    runner(List.of("millstream.listeners.the-job.concurrency=many"))
        .run(
            context ->
                assertThat(causes(context.getStartupFailure()))
                    .contains("millstream.listeners.the-job.concurrency"));
    runner(List.of("say.concurrency=many"))
        .run(
            context ->
                assertThat(causes(context.getStartupFailure()))
                    .contains("'concurrency'", "@MillstreamListener on Job.run", "'many'"));
  }

  static class NoBatch {
    @MillstreamListener(stream = "jobs", group = "g", batchSize = "5")
    void run(Headers headers, String payload) {}
  }

  @Test
  void aBatchSizeWithoutBatchesIsRefused() {
    Apps.virtual()
        .withBean(NoBatch.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasMessageContaining("has a batch size and takes no batches"));
  }
}
