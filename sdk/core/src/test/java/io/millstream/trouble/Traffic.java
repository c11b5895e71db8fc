package io.millstream.trouble;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.PendingSummary;
import io.millstream.engine.RedisException;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.message.Message;
import io.millstream.policy.RetryPolicy;
import io.millstream.publish.MessagePublisher;
import io.millstream.testing.TestRedis;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A publisher that writes a message each few milliseconds and two workers that handle them, each in
 * an application of its own. Every twentieth message fails the first time.
 */
final class Traffic implements AutoCloseable {
  static final String GROUP = "workers";

  private static final Duration EVERY = Duration.ofMillis(10);

  final MessageStream<String> jobs = MessageStream.string(TestRedis.key());
  final List<Worker> workers;
  private final List<Millstream> applications;
  private final Millstream publishing;
  private final Map<EntryId, Integer> starts = new ConcurrentHashMap<>();
  private final Map<EntryId, Long> handled = new ConcurrentHashMap<>(); // when first
  private final NavigableSet<Long> moments = new ConcurrentSkipListSet<>();
  private final Map<EntryId, String> payloads = new ConcurrentHashMap<>(); // of what was started
  private final Map<EntryId, String> published = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
  private final AtomicInteger number = new AtomicInteger();
  private Disposable publisher = () -> {};

  Traffic(Supplier<Millstream> application) {
    publishing = application.get();
    applications = List.of(application.get(), application.get());
    workers = applications.stream().map(this::worker).toList();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> workers.stream().allMatch(worker -> worker.state() == WorkerState.RUNNING));
  }

  private Worker worker(Millstream millstream) {
    return millstream
        .worker(jobs, GROUP)
        .concurrency(16)
        .visibilityTimeout(Duration.ofSeconds(4))
        .retry(RetryPolicy.fixed(Duration.ofMillis(200)).maxDeliveries(20))
        .handle(this::handle)
        .start();
  }

  private Mono<Void> handle(Message<String> message) {
    return Mono.defer(
        () -> {
          payloads.put(message.id(), message.payload());
          int start = starts.merge(message.id(), 1, Integer::sum);
          if (start == 1 && Integer.parseInt(message.payload()) % 20 == 0) {
            return Mono.error(new IllegalStateException("for now"));
          }
          long now = System.nanoTime();
          handled.putIfAbsent(message.id(), now);
          moments.add(now);
          return Mono.empty();
        });
  }

  /** Begins, and waits until it flows. */
  Traffic begin() {
    MessagePublisher<String> to = publishing.publisher(jobs);
    publisher =
        Flux.interval(EVERY, Schedulers.parallel())
            .onBackpressureDrop()
            .flatMap(tick -> publish(to, Integer.toString(number.incrementAndGet())), 256)
            .subscribe();
    await().atMost(Duration.ofSeconds(20)).until(() -> handled.size() > 20);
    return this;
  }

  private Mono<EntryId> publish(MessagePublisher<String> to, String payload) {
    return to.publish(payload)
        .doOnNext(id -> published.put(id, payload))
        .onErrorResume(
            RedisException.class,
            error -> {
              refused.computeIfAbsent(error.code(), code -> new AtomicInteger()).incrementAndGet();
              return Mono.empty();
            });
  }

  /** Waits until another message has been handled, and tells how long after a moment that was. */
  Duration untilHandledAfter(long moment) {
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> moments.higher(moment) != null);
    return Duration.ofNanos(requireNonNull(moments.higher(moment)) - moment);
  }

  /** Goes on for a while. */
  Traffic flow(Duration time) {
    await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    return this;
  }

  /** No more messages; all that stand in the stream have been handled, and nothing is pending. */
  Traffic end() {
    publisher.dispose();
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              assertThat(standing()).as("standing, not handled").isSubsetOf(handled.keySet());
              assertThat(pending()).as("pending").isZero();
            });
    assertThat(letters()).as("dead letters").isEmpty();
    return this;
  }

  /** What the publisher was told is written, and does not stand: a failover may have lost it. */
  long lost() {
    List<EntryId> standing = standing();
    return published.keySet().stream().filter(id -> !standing.contains(id)).count();
  }

  /** How many messages were handled more than once beyond the retries that are meant to be. */
  long again() {
    return starts.entrySet().stream()
        .filter(
            entry -> {
              String payload = requireNonNull(payloads.get(entry.getKey()));
              return entry.getValue() > (Integer.parseInt(payload) % 20 == 0 ? 2 : 1);
            })
        .count();
  }

  int published() {
    return published.size();
  }

  /** Publishing that failed, by code. */
  Map<String, AtomicInteger> refused() {
    return refused;
  }

  private List<EntryId> standing() {
    return publishing
        .engine()
        .streams()
        .range(jobs.name(), "-", "+", null)
        .blockOptional(Duration.ofSeconds(10))
        .orElse(List.of())
        .stream()
        .map(Entry::id)
        .toList();
  }

  private long pending() {
    return publishing
        .engine()
        .groups()
        .pending(jobs.name(), GROUP)
        .map(PendingSummary::count)
        .blockOptional(Duration.ofSeconds(10))
        .orElse(-1L);
  }

  List<Entry> letters() {
    return publishing
        .engine()
        .streams()
        .range(jobs.deadLetterKey(GROUP), "-", "+", null)
        .blockOptional(Duration.ofSeconds(10))
        .orElse(List.of());
  }

  /** One line for whoever reads the log of the tests. */
  void tell(String what, String more) {
    System.out.printf(
        "failover: %s: %s; published %d, refused %s, lost by the failover %d, handled again %d%n",
        what, more, published(), refused, lost(), again());
  }

  @Override
  public void close() {
    publisher.dispose();
    applications.forEach(Millstream::close);
    publishing.close();
  }
}
