package io.millstream.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.entry.EntryId;
import io.millstream.message.Message;
import io.millstream.policy.RetryPolicy;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import io.millstream.trouble.Journal.What;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerBuilder;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A stream with a group, workers on it, and a handler that does what a message's payload begins
 * with:
 *
 * <ul>
 *   <li>{@code quick}: completes at once
 *   <li>{@code slow}: completes when the {@link #open gate} opens
 *   <li>{@code twice}: fails the first time, completes the second
 *   <li>{@code doomed}: fails for good when the gate opens
 *   <li>{@code fails}: fails always
 *   <li>{@code hangs}: never ends by itself
 * </ul>
 */
final class Scene implements AutoCloseable {
  static final String GROUP = "workers";
  static final Duration VISIBILITY = Duration.ofSeconds(4);
  static final Duration BACKOFF = Duration.ofSeconds(1);

  /** What is not worth another delivery. */
  static final class Doomed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** What may pass. */
  static final class ForNow extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  final OwnRedis redis;
  final Journal journal = new Journal();
  final MessageStream<String> jobs = MessageStream.string(TestRedis.key());
  final List<Worker> workers = new ArrayList<>();
  final Map<String, EntryId> published = new LinkedHashMap<>();
  private final Map<EntryId, Integer> failures = new ConcurrentHashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Sinks.Empty<Void> gate = Sinks.empty();

  Scene(OwnRedis redis) {
    this.redis = redis;
  }

  String stream() {
    return jobs.name();
  }

  String deadLetterKey() {
    return jobs.deadLetterKey(GROUP);
  }

  <C extends AutoCloseable> C closing(C resource) {
    open.add(resource);
    return resource;
  }

  /** A worker in an application of its own. */
  Worker worker(String name, String uri, UnaryOperator<WorkerBuilder<String>> settings) {
    Millstream millstream = closing(Millstream.connect(uri));
    WorkerBuilder<String> builder =
        millstream
            .worker(jobs, GROUP)
            .concurrency(8)
            .visibilityTimeout(VISIBILITY)
            .blockTimeout(Duration.ofMillis(500))
            .drainTimeout(Duration.ofMillis(200))
            .retry(RetryPolicy.fixed(BACKOFF).maxDeliveries(5).deadLetterOn(Doomed.class))
            .handle(message -> handle(name, message));
    Worker worker = settings.apply(builder).start();
    workers.add(worker);
    return worker;
  }

  Worker worker(String name, UnaryOperator<WorkerBuilder<String>> settings) {
    return worker(name, redis.uri(), settings);
  }

  /** Waits until all workers run. */
  void awaitRunning() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> workers.stream().allMatch(worker -> worker.state() == WorkerState.RUNNING));
  }

  Mono<Void> handle(String name, Message<String> message) {
    return Mono.defer(() -> act(message))
        .doOnSubscribe(s -> journal.note(What.STARTED, name, message))
        .doOnSuccess(done -> journal.note(What.DONE, name, message))
        .doOnError(error -> journal.note(What.FAILED, name, message))
        .doOnCancel(() -> journal.note(What.CANCELLED, name, message));
  }

  private Mono<Void> act(Message<String> message) {
    String kind = message.payload().replaceFirst("-.*", "");
    return switch (kind) {
      case "quick" -> Mono.empty();
      case "slow" -> gate.asMono();
      case "doomed" -> gate.asMono().then(Mono.error(new Doomed()));
      case "twice" ->
          failures.merge(message.id(), 1, Integer::sum) == 1
              ? Mono.error(new ForNow())
              : Mono.empty();
      case "fails" -> Mono.error(new ForNow());
      case "hangs" -> Mono.never();
      default -> throw new IllegalArgumentException(message.payload());
    };
  }

  /** Lets the slow ones end. */
  void open() {
    gate.tryEmitEmpty();
  }

  /** Publishes past the library, so that nothing of it is in the way. */
  EntryId publish(String payload) {
    try (RespConnection connection = redis.connect()) {
      EntryId id = EntryId.parse(connection.text("XADD", stream(), "*", "payload", payload));
      published.put(payload, id);
      return id;
    }
  }

  List<EntryId> publish(String kind, int count) {
    List<EntryId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(publish(kind + "-" + published.size()));
    }
    return ids;
  }

  /** The ids that were published with payloads of this kind. */
  List<EntryId> ids(String kind) {
    return published.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(kind))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** How many entries are pending in the group, under whatever name. */
  long pending() {
    try (RespConnection connection = redis.connect()) {
      return (Long) connection.list("XPENDING", stream(), GROUP).get(0);
    }
  }

  /** The ids of which the dead-letter stream has a record, each as often as it has. */
  List<EntryId> deadLetters() {
    try (RespConnection connection = redis.connect()) {
      return connection.list("XRANGE", deadLetterKey(), "-", "+").stream()
          .map(entry -> (List<?>) ((List<?>) entry).get(1))
          .map(
              fields ->
                  EntryId.parse(
                      String.valueOf(
                          fields.get(fields.indexOf(io.millstream.codec.DeadLetterStory.ID) + 1))))
          .toList();
    }
  }

  /** Waits until everything that was published has its end, and nothing is pending. */
  void awaitSettled() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              assertThat(unsettled()).as("published, and neither done nor dead").isEmpty();
              assertThat(pending()).as("pending").isZero();
            });
  }

  /** What was published and is neither done nor among the dead letters. */
  List<String> unsettled() {
    List<EntryId> dead = deadLetters();
    return published.entrySet().stream()
        .filter(entry -> !journal.done(entry.getValue()) && !dead.contains(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * One start of a handler for each delivery, none that was not needed, and each start saw its own
   * number: no trouble has added to the count, and none has run a message a second time.
   */
  void assertEveryStartCountedOnceAndNoneWasSpentInVain() {
    assertEveryStartCountedOnce(payload -> false);
  }

  /**
   * The same, but the first delivery of some may have gone to a read on a connection that its
   * worker had given up. The server counted it, no handler started, and the only start saw number
   * two.
   */
  void assertEveryStartCountedOnce(Predicate<String> mayHaveGoneToAZombie) {
    assertThat(journal.deliveries())
        .allSatisfy(
            (id, deliveries) -> {
              String payload = payload(id);
              if (mayHaveGoneToAZombie.test(payload)) {
                assertThat(deliveries)
                    .as("deliveries of %s", payload)
                    .isIn(List.of(1L), List.of(2L));
              } else {
                assertThat(deliveries)
                    .as("deliveries of %s", payload)
                    .isEqualTo(payload.startsWith("twice") ? List.of(1L, 2L) : List.of(1L));
              }
            });
    assertThat(journal.all(What.CANCELLED)).as("cancelled handlers").isEmpty();
  }

  String payload(EntryId id) {
    return published.entrySet().stream()
        .filter(entry -> entry.getValue().equals(id))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new AssertionError("never published: " + id));
  }

  @Override
  public void close() {
    for (int i = open.size() - 1; i >= 0; i--) {
      try {
        open.get(i).close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
