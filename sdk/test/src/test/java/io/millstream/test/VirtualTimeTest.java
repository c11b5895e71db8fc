package io.millstream.test;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.millstream.codec.MessageStream;
import io.millstream.engine.memory.ServerError;
import io.millstream.engine.memory.StreamSnapshot;
import io.millstream.entry.Entry;
import io.millstream.policy.RetryPolicy;
import io.millstream.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * An hour, and a day, of retries with jitter, lease renewals, take-overs and trouble: how long that
 * takes is printed, and every run is the same as the one before.
 */
class VirtualTimeTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");
  private static final int RUNS = 1_000;

  private static final Logger WORKERS = (Logger) LoggerFactory.getLogger(Worker.class);

  /** A thousand times the same warnings are too many. */
  @BeforeAll
  static void quiet() {
    WORKERS.setLevel(Level.ERROR);
  }

  @AfterAll
  static void loud() {
    WORKERS.setLevel(null);
  }

  /** All that happened, to the millisecond, in lines. */
  private static List<String> story(Duration time) {
    List<String> story = new ArrayList<>();
    try (TestMillstream millstream = TestMillstream.create()) {
      TestMillstream doomed = millstream.anotherProcess();
      start(doomed, "doomed", story);
      start(millstream, "first", story);
      start(millstream.anotherProcess(), "second", story);
      millstream
          .worker(JOBS, "v")
          .consumer("blocking")
          .handleBlocking(m -> story.add(m.id() + " on " + Thread.currentThread().getName()))
          .start();
      Duration step = time.dividedBy(12);
      for (int i = 0; i < 12; i++) {
        millstream.publish(JOBS, "fails");
        millstream.publish(JOBS, "slow");
        millstream.publish(JOBS, "quick");
        millstream.advance(step);
        switch (i) {
          case 1 -> millstream.faults().on("XACK").times(3).fail(ServerError.OOM);
          case 2 -> millstream.faults().on("renew").loseReply();
          case 3 -> doomed.crash();
          case 4 -> millstream.faults().on("XREADGROUP").dropConnection();
          case 5 -> {
            millstream.faults().disconnect();
            millstream.advance(Duration.ofSeconds(90));
            millstream.faults().connect();
          }
          case 6 -> millstream.faults().jumpClock(Duration.ofSeconds(20));
          default -> {}
        }
        story.addAll(Story.pending(millstream.pending(JOBS, "w")));
      }
      millstream.group(JOBS, "w").deliveries().forEach(delivery -> story.add(delivery.toString()));
      for (String key : millstream.server().streams()) {
        story.addAll(lines(Objects.requireNonNull(millstream.server().look(key))));
      }
    }
    return story;
  }

  private static List<String> lines(StreamSnapshot stream) {
    List<String> lines = new ArrayList<>();
    for (Entry entry : stream.entries()) {
      StringBuilder line = new StringBuilder(entry.id().toString());
      for (int i = 0; i < entry.fields().size(); i++) {
        String name = entry.fields().name(i);
        line.append(' ').append(name).append('=').append(entry.fields().text(name));
      }
      lines.add(line.toString());
    }
    // who was seen when tells the time of the last read of each
    stream.groups().forEach(group -> lines.add(group.toString()));
    return lines;
  }

  private static void start(TestMillstream process, String name, List<String> story) {
    process
        .worker(JOBS, "w")
        .consumer(name)
        .visibilityTimeout(Duration.ofSeconds(30))
        .handlerTimeout(Duration.ofHours(6))
        .retry(RetryPolicy.exponential(Duration.ofSeconds(1)).maxDeliveries(8))
        .listener((worker, before, now) -> story.add(name + " " + process.server().time() + now))
        .handle(
            message ->
                switch (message.payload()) {
                  case "slow" -> Mono.delay(Duration.ofMinutes(7), process.time());
                  case "fails" -> Mono.error(new IllegalStateException("no"));
                  default -> Mono.empty();
                })
        .start();
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // a thousand hours
  void anHourIsTheSameAThousandTimesInARow() {
    List<String> first = story(Duration.ofHours(1));
    long start = System.nanoTime();
    for (int run = 1; run < RUNS; run++) {
      List<String> again = story(Duration.ofHours(1));
      if (!again.equals(first)) {
        assertThat(again).as("run " + run).isEqualTo(first);
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);

    assertThat(first)
        .as("retries, dead letters, renewals and a take-over are part of it")
        .anyMatch(line -> line.contains(" delivery 8 by "))
        .anyMatch(line -> line.contains("deliveries spent"))
        .anyMatch(line -> line.contains("under doomed"));
    System.out.printf(
        "a virtual hour of four workers, %d lines of story, the same %d times: %.1f ms each%n",
        first.size(), RUNS, took.toNanos() / 1e6 / (RUNS - 1));
  }

  @Test
  void aDayIsTheSameToo() {
    List<String> first = story(Duration.ofDays(1));
    long start = System.nanoTime();
    List<String> second = story(Duration.ofDays(1));
    double took = (System.nanoTime() - start) / 1e6;

    assertThat(second).isEqualTo(first);
    System.out.printf("a virtual day of four workers: %.0f ms%n", took);
  }

  @Test
  void anotherSeedIsAnotherStory() {
    assertThat(jitter(1)).isEqualTo(jitter(1)).isNotEqualTo(jitter(2));
  }

  private static List<String> jitter(long seed) {
    try (TestMillstream millstream = TestMillstream.create(seed)) {
      millstream
          .worker(JOBS, "w")
          .consumer("me")
          .handle(message -> Mono.error(new IllegalStateException("no")))
          .start();
      millstream.publish(JOBS, "one");
      millstream.advance(Duration.ofHours(1));
      return Story.lines(millstream.group(JOBS, "w").deliveries());
    }
  }

  @Test
  void aHandlerThatBlocksRunsOnTheTestsThreadAndTimeStandsStillMeanwhile() {
    List<String> seen = new ArrayList<>();
    try (TestMillstream millstream = TestMillstream.create()) {
      millstream
          .worker(JOBS, "w")
          .handleBlocking(
              message -> {
                seen.add(Thread.currentThread().getName());
                seen.add(millstream.server().time().toString());
              })
          .start();
      millstream.publish(JOBS, "one");
      millstream.advance(Duration.ofMinutes(1));
    }
    assertThat(seen).containsExactly(Thread.currentThread().getName(), "2026-01-01T00:00:00Z");
  }
}
