package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.entry.EntryId;
import io.millstream.testing.LogWatch;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.trouble.Journal.What;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerBuilder;
import io.millstream.worker.WorkerState;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Two workers of a group, in applications of their own, that are in the midst of everything when
 * trouble comes: handlers run that will end meanwhile, in success and for good, and failed ones
 * wait for a retry that falls due meanwhile. It tells what the trouble costs, in log lines and in
 * commands, and how long it takes until work goes on.
 */
final class Ordeal implements AutoCloseable {
  /** How long a trouble lasts, longer than the visibility timeout. */
  static final Duration TROUBLE = Duration.ofSeconds(5);

  /** What a worker may need once the server answers. */
  static final Duration RECOVERY = Duration.ofSeconds(2);

  /** A worker that spins writes thousands. */
  private static final int LINES = 12;

  /**
   * Commands a second and worker, of all its duties together, and with those that scripts call,
   * which are more than half of them. One that spins sends thousands.
   */
  private static final int COMMANDS = 40;

  private static final Duration SOON = Duration.ofSeconds(10);

  private static final String PROBE = "millstream-test:probe";

  /** What heal publishes, to see when it is handled. */
  private static final String PROBE_MESSAGE = "quick-";

  final Scene scene;
  private final String name;
  private final LogWatch log = new LogWatch();
  private boolean alone;
  private long began;
  private long countedFrom;
  private Map<String, Long> commandsBefore = Map.of();

  Ordeal(OwnRedis redis, String name) {
    this.scene = new Scene(redis);
    this.name = name;
  }

  /** One worker only, so that it is seen how long <i>it</i> needs. */
  Ordeal alone() {
    alone = true;
    return this;
  }

  /** Two workers at work. */
  Ordeal begin() {
    return begin(UnaryOperator.identity());
  }

  Ordeal begin(UnaryOperator<WorkerBuilder<String>> settings) {
    return begin(scene.redis.uri(), settings);
  }

  Ordeal begin(String uri, UnaryOperator<WorkerBuilder<String>> settings) {
    scene.worker("a", uri, settings);
    if (!alone) {
      scene.worker("b", uri, settings);
    }
    scene.awaitRunning();
    scene.publish("slow", 4);
    scene.publish("doomed", 2);
    await().atMost(SOON).until(() -> scene.journal.all(What.STARTED).size() == 6);
    scene.publish("twice", 4);
    await().atMost(SOON).until(() -> scene.journal.all(What.FAILED).size() == 4);
    log.clear();
    return this;
  }

  /** The trouble begins: from here on lines and time count. */
  Ordeal trouble(Runnable damage) {
    damage.run();
    began = System.nanoTime();
    return this;
  }

  /** Waits until every worker says that it is in trouble, and lets the slow handlers end in it. */
  Ordeal awaitBackingOff(Duration atMost, String trouble) {
    await()
        .atMost(atMost)
        .untilAsserted(
            () -> {
              assertThat(scene.workers)
                  .extracting(Worker::state)
                  .containsOnly(WorkerState.BACKING_OFF);
              assertThat(scene.workers)
                  .anySatisfy(
                      worker ->
                          assertThat(worker.trouble().orElse("")).containsIgnoringCase(trouble));
            });
    scene.open();
    return this;
  }

  /** Endures until the trouble has lasted so long; nothing of it heals the worker. */
  Ordeal endure(Duration duration) {
    Duration passed = Duration.ofNanos(System.nanoTime() - began);
    Duration rest = duration.minus(passed);
    if (!rest.isNegative() && !rest.isZero()) {
      await()
          .during(rest)
          .atMost(rest.plusSeconds(5))
          .until(
              () ->
                  scene.workers.stream()
                      .allMatch(worker -> worker.state() == WorkerState.BACKING_OFF));
    }
    return this;
  }

  /** From here on the commands that the server is sent count. */
  Ordeal countCommands() {
    try (RespConnection admin = scene.redis.connect()) {
      countedFrom = System.nanoTime();
      commandsBefore = commands(admin);
    }
    return this;
  }

  /** The workers did not spin. */
  Ordeal checkCommands() {
    try (RespConnection admin = scene.redis.connect()) {
      Map<String, Long> sent = commands(admin);
      commandsBefore.forEach((command, count) -> sent.merge(command, -count, Long::sum));
      sent.values().removeIf(count -> count == 0);
      long sum = sent.values().stream().mapToLong(Long::longValue).sum();
      double seconds = (System.nanoTime() - countedFrom) / 1e9;
      int workers = scene.workers.size();
      System.out.printf(
          "trouble: %s: %d commands of %d workers in %.1f s%n", name, sum, workers, seconds);
      assertThat((double) sum)
          .as("commands of %d workers in %.1f s of trouble: %s", workers, seconds, sent)
          .isLessThan(workers * COMMANDS * seconds);
    }
    return this;
  }

  /** By command; refused ones too, which INFO's total does not count, and those of scripts. */
  private static Map<String, Long> commands(RespConnection admin) {
    return admin
        .text("INFO", "commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_") && !line.startsWith("cmdstat_info:"))
        .collect(
            Collectors.toMap(
                line -> line.substring("cmdstat_".length(), line.indexOf(':')),
                line -> number(line, "calls=") + number(line, "rejected_calls="),
                Long::sum,
                HashMap::new));
  }

  private static long number(String line, String field) {
    int from = line.indexOf(field); // "calls=" is the first of them
    if (from < 0) {
      return 0;
    }
    return Long.parseLong(line.substring(from + field.length()).replaceFirst("\\D.*", ""));
  }

  /** A change of state is said once, not each try. */
  Ordeal checkLog() {
    int workers = scene.workers.size();
    assertThat(log.lines()).as("log of %d workers", workers).hasSizeLessThan(LINES * workers);
    Map<String, Long> counts = log.counts();
    // what names no worker may be said by each
    assertThat(counts.values()).as("%s", counts).allMatch(count -> count <= workers);
    for (Worker worker : scene.workers) {
      assertThat(log.lines(worker.consumer() + ":")).doesNotHaveDuplicates();
    }
    return this;
  }

  LogWatch log() {
    return log;
  }

  /**
   * The damage is repaired. Measures from the moment when a plain connection gets a healthy answer
   * to the next message that is handled, and until all workers are well. The time for which this
   * machine let nobody run is subtracted from what is held against the bound.
   */
  Ordeal heal(Runnable repair) {
    repair.run();
    awaitHealthy();
    try (Metronome metronome = new Metronome()) {
      long healthy = System.nanoTime();
      EntryId next = scene.publish(PROBE_MESSAGE + scene.published.size());
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(10))
          .untilAsserted(
              () -> {
                assertThat(scene.journal.done(next)).as("handled: %s", log.lines()).isTrue();
                assertThat(scene.workers)
                    .allSatisfy(
                        worker ->
                            assertThat(worker.state())
                                .as("%s", worker.trouble())
                                .isEqualTo(WorkerState.RUNNING));
              });
      Duration well = Duration.ofNanos(System.nanoTime() - healthy);
      Duration handled =
          Duration.ofNanos(scene.journal.of(next, What.DONE).get(0).nanos() - healthy);
      System.out.printf(
          "recovery: %s: %d ms from the first answer to the next handled message, %d ms to all"
              + " workers running%n",
          name, handled.toMillis(), well.toMillis());
      assertThat(well.minus(metronome.stalled()))
          .as("recovery, without the %s that this machine stood still", metronome.stalled())
          .isLessThan(RECOVERY);
    }
    return this;
  }

  /** Waits for a server that takes a write of a plain connection. */
  private void awaitHealthy() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              try (RespConnection connection = scene.redis.connect()) {
                return "OK".equals(connection.call("SET", PROBE, "healthy"));
              } catch (RespConnection.ReplyError | UncheckedIOException e) {
                return false;
              }
            });
  }

  /** All workers are well, all that was published has its end, and counts are as promised. */
  void checkNothingWasLostOrSpent() {
    checkNothingWasLost();
    assertThat(scene.journal.all(What.CANCELLED)).as("cancelled: %s", log.lines()).isEmpty();
    scene.assertEveryStartCountedOnceAndNoneWasSpentInVain();
  }

  /**
   * As {@link #checkNothingWasLostOrSpent}, but the message by which {@link #heal} measures may
   * come in before the reads of given up connections are killed: a thawed server executes them
   * first.
   */
  void checkNothingWasLostOrRunTwice() {
    checkNothingWasLost();
    scene.assertEveryStartCountedOnce(payload -> payload.startsWith(PROBE_MESSAGE));
  }

  void checkNothingWasLost() {
    scene.open();
    scene.awaitSettled();
    scene.awaitRunning();
    assertThat(scene.deadLetters()).containsExactlyInAnyOrderElementsOf(scene.ids("doomed"));
  }

  @Override
  public void close() {
    scene.close();
    log.close();
  }
}
