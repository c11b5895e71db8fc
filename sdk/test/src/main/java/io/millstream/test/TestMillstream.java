package io.millstream.test;

import io.millstream.Millstream;
import io.millstream.admin.StreamAdmin;
import io.millstream.codec.Envelope;
import io.millstream.codec.MessageStream;
import io.millstream.engine.Engine;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.RedisException;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.engine.memory.VirtualScheduler;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.message.Headers;
import io.millstream.observe.Observer;
import io.millstream.observe.PublisherObserver;
import io.millstream.publish.MessagePublisher;
import io.millstream.publish.PublishSettings;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerBuilder;
import io.millstream.worker.WorkerEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A {@link Millstream} for unit tests: on a Redis in memory and in virtual time, so that the wiring
 * of production runs unchanged, on the test's own thread, and an hour passes in milliseconds. Time
 * stands still but for {@link #advance}. Not for use by several threads.
 *
 * @since 0.1
 */
public final class TestMillstream implements Millstream {
  private static final Duration LONGEST_STOP = Duration.ofMinutes(10);

  private final VirtualScheduler time = VirtualScheduler.create();
  private final InMemoryServer server = InMemoryServer.create(time);
  private final Engine engine = server.connect();
  private final WorkerEnvironment environment;
  private final List<Worker> workers = new ArrayList<>();

  private TestMillstream(long seed) {
    environment =
        new WorkerEnvironment(
            engine,
            time,
            time,
            () -> Schedulers.fromExecutor(time::schedule),
            Observer.NONE,
            new Random(seed));
  }

  /** With a fixed seed for jitter and names: every run is the same. */
  public static TestMillstream create() {
    return create(42);
  }

  /** With a seed of one's own for jitter and names. */
  public static TestMillstream create(long seed) {
    return new TestMillstream(seed);
  }

  /**
   * Lets time pass: everything that falls due within it runs, in order, on this thread.
   *
   * @throws AssertionError if a task of Millstream's own failed meanwhile
   */
  public void advance(Duration duration) {
    time.advance(duration);
    if (!time.errors().isEmpty()) {
      throw new AssertionError("a task failed while time passed", time.errors().get(0));
    }
  }

  /** The virtual clock, for handlers that wait: {@code Mono.delay(duration, millstream.time())}. */
  public VirtualScheduler time() {
    return time;
  }

  /** The Redis in memory, for faults and for other keys. */
  public InMemoryServer server() {
    return server;
  }

  /** Publishes one message and tells its id. */
  public <T> EntryId publish(MessageStream<T> stream, T payload) {
    return publish(stream, payload, Headers.none());
  }

  /** Publishes one message with headers and tells its id. */
  public <T> EntryId publish(MessageStream<T> stream, T payload, Headers headers) {
    return Objects.requireNonNull(publisher(stream).publish(payload, headers).block());
  }

  /** What is pending in a group, in the order of ids. */
  public List<PendingEntry> pending(MessageStream<?> stream, String group) {
    return Objects.requireNonNull(
        engine
            .groups()
            .pending(stream.name(), group, PendingArgs.all(Long.MAX_VALUE))
            .onErrorResume(
                error -> error instanceof RedisException redis && redis.is("NOGROUP"),
                error -> Mono.just(List.of()))
            .block());
  }

  /** The dead letters of a group, oldest first, with their story in fields of their own. */
  public List<Entry> deadLetters(MessageStream<?> stream, String group) {
    return Objects.requireNonNull(
        engine.streams().range(stream.deadLetterKey(group), "-", "+", null).block());
  }

  /** The payloads of the dead letters of a group, decoded, oldest first. */
  public <T> List<T> deadLetterPayloads(MessageStream<T> stream, String group) {
    return deadLetters(stream, group).stream()
        .map(entry -> stream.codec().decode(Envelope.payload(entry.fields())))
        .toList();
  }

  @Override
  public <T> MessagePublisher<T> publisher(MessageStream<T> stream, PublishSettings settings) {
    return new MessagePublisher<>(engine, time, stream, settings, PublisherObserver.NONE);
  }

  @Override
  public <T> WorkerBuilder<T> worker(MessageStream<T> stream, String group) {
    return new WorkerBuilder<>(stream, group, environment, workers::add);
  }

  @Override
  public StreamAdmin admin() {
    return new StreamAdmin(engine, time);
  }

  @Override
  public Engine engine() {
    return engine;
  }

  @Override
  public Mono<Void> stop() {
    Mono<Void> stopped =
        Flux.fromIterable(List.copyOf(workers)).flatMap(Worker::stop).then(engine.close()).cache();
    stopped.subscribe();
    return stopped;
  }

  /** Does nothing: a test closes it. */
  @Override
  public Millstream stopOnShutdown() {
    return this;
  }

  /** Stops all workers, letting as much time pass as that takes. */
  @Override
  public void close() {
    AtomicBoolean stopped = new AtomicBoolean();
    stop().subscribe(null, null, () -> stopped.set(true));
    for (Duration passed = Duration.ZERO; !stopped.get(); passed = passed.plusSeconds(1)) {
      if (passed.compareTo(LONGEST_STOP) > 0) {
        throw new AssertionError("workers did not stop within " + LONGEST_STOP);
      }
      advance(Duration.ofSeconds(1));
    }
  }
}
