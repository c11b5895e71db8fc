package io.millstream.test;

import io.millstream.Millstream;
import io.millstream.admin.StreamAdmin;
import io.millstream.codec.Envelope;
import io.millstream.codec.MessageStream;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamEntries;
import io.millstream.engine.memory.Faults;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.message.Headers;
import io.millstream.observe.PublisherObserver;
import io.millstream.publish.MessagePublisher;
import io.millstream.publish.PublishSettings;
import io.millstream.worker.WorkerBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A {@link Millstream} for unit tests: on a Redis in memory and in virtual time, so that the wiring
 * of production runs unchanged, on the test's own thread (blocking handlers too), and an hour
 * passes in milliseconds. Time stands still but for {@link #advance} and {@link #close}, and every
 * run is the same as the one before. Not for use by several threads.
 *
 * <p>With JUnit Jupiter, {@link WithMillstream} gives each test one of its own. With AssertJ,
 * {@link MillstreamAssertions#assertThat} says what is expected of it.
 *
 * @since 0.1
 */
public final class TestMillstream implements Millstream {
  static final long DEFAULT_SEED = 42;

  private final World world;
  private final TestProcess process;
  private final boolean first;

  private TestMillstream(World world, boolean first) {
    this.world = world;
    this.process = world.newProcess();
    this.first = first;
  }

  /** With a fixed seed for jitter and names: every run is the same. */
  public static TestMillstream create() {
    return create(DEFAULT_SEED);
  }

  /** With a seed of one's own for jitter and names. */
  public static TestMillstream create(long seed) {
    return new TestMillstream(new World(seed), true);
  }

  /**
   * Lets time pass: everything that falls due within it runs, in order, on this thread. {@link
   * Duration#ZERO} runs what is due now.
   *
   * @throws AssertionError if a task of Millstream's own failed meanwhile
   * @throws IllegalStateException if it is called from a handler: a task cannot move time
   */
  public void advance(Duration duration) {
    world.advance(duration);
  }

  /**
   * The virtual clock, for handlers that wait: {@code Mono.delay(duration, millstream.time())}. It
   * is this process's: after {@link #crash} nothing runs on it any more.
   */
  public Scheduler time() {
    return process.time;
  }

  /** The Redis in memory: for other keys, and for another client of it. */
  public InMemoryServer server() {
    return world.server;
  }

  /**
   * What makes the Redis in memory fail, for example {@code faults().on("XACK").times(3)
   * .fail(ServerError.OOM)}, {@code faults().disconnect()} or {@code faults().jumpClock(...)}.
   */
  public Faults faults() {
    return world.server.faults();
  }

  /**
   * Makes the test fail, when this is closed, for what it leaves behind: see {@link Leftover}. Dead
   * letters and failures that the test has looked at, by {@link GroupView} or an assertion, are
   * expected.
   *
   * @param allowed what may be left behind all the same
   * @return this
   */
  public TestMillstream strict(Leftover... allowed) {
    world.forbidAllBut(allowed);
    return this;
  }

  /** Publishes one message (XADD) and tells its id. */
  public <T> EntryId publish(MessageStream<T> stream, T payload) {
    return publish(stream, payload, Headers.none());
  }

  /** Publishes one message with headers (XADD) and tells its id. */
  public <T> EntryId publish(MessageStream<T> stream, T payload, Headers headers) {
    return Objects.requireNonNull(publisher(stream).publish(payload, headers).block());
  }

  /** A consumer group, to look at. */
  public <T> GroupView<T> group(MessageStream<T> stream, String group) {
    return new GroupView<>(world, stream, group);
  }

  /** {@link GroupView#pending()}. */
  public List<PendingEntry> pending(MessageStream<?> stream, String group) {
    return group(stream, group).pending();
  }

  /** {@link GroupView#deadLetters()}. */
  public <T> List<DeadLetter<T>> deadLetters(MessageStream<T> stream, String group) {
    return group(stream, group).deadLetters();
  }

  /** The payloads of {@link GroupView#deadLetters()}, decoded. */
  public <T> List<T> deadLetterPayloads(MessageStream<T> stream, String group) {
    return deadLetters(stream, group).stream().map(DeadLetter::payload).toList();
  }

  /** The payloads of all messages that stand in a stream, decoded, oldest first. */
  public <T> List<T> payloads(MessageStream<T> stream) {
    var found = world.server.look(stream.name());
    return found == null
        ? List.of()
        : found.entries().stream()
            .map(entry -> stream.codec().decode(Envelope.payload(entry.fields())))
            .toList();
  }

  /**
   * Another process of the same system: the same Redis and the same time, a connection and workers
   * of its own. Closing it stops its workers; closing the first one stops all.
   */
  public TestMillstream anotherProcess() {
    return new TestMillstream(world, false);
  }

  /**
   * Ends this process as SIGKILL does: its workers and handlers do nothing any more, nothing is
   * acknowledged or released, what they hold stays pending under their names, and the server sees
   * the connections end. It may be called by a handler. What a handler does outside of this
   * process's {@link #time} cannot be ended.
   */
  public void crash() {
    process.crash();
  }

  /**
   * Leaves messages with a consumer that is gone: it reads so many that the group was not given yet
   * (XREADGROUP) and crashes while it holds them. The group is made if it is not there.
   *
   * @return the messages that it holds
   * @throws IllegalArgumentException if {@code count} is not positive
   * @throws IllegalStateException if there are fewer for it to read
   */
  public List<EntryId> crashHolding(
      MessageStream<?> stream, String group, String consumer, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count: " + count + ", expected one or more");
    }
    TestProcess gone = world.newProcess();
    gone.engine
        .groups()
        .create(stream.name(), group, CreateArgs.from("0"))
        .onErrorComplete(e -> e instanceof RedisException error && error.is("BUSYGROUP"))
        .block();
    Reader reader = Objects.requireNonNull(gone.engine.openReader().block());
    List<StreamEntries> read =
        reader.read(ReadArgs.fresh(stream.name(), group, consumer, count, null)).block();
    gone.crash();
    List<EntryId> held =
        read == null ? List.of() : read.get(0).entries().stream().map(Entry::id).toList();
    if (held.size() < count) {
      throw new IllegalStateException(
          "crashHolding: " + count + " messages, but there were only " + held.size());
    }
    return held;
  }

  @Override
  public <T> MessagePublisher<T> publisher(MessageStream<T> stream, PublishSettings settings) {
    return new MessagePublisher<>(
        process.engine, process.time, stream, settings, PublisherObserver.NONE);
  }

  @Override
  public <T> WorkerBuilder<T> worker(MessageStream<T> stream, String group) {
    return process.worker(stream, group);
  }

  @Override
  public StreamAdmin admin() {
    return new StreamAdmin(process.engine, process.time);
  }

  @Override
  public Engine engine() {
    return process.engine;
  }

  @Override
  public Mono<Void> stop() {
    return process.stop();
  }

  /** Does nothing: a test closes it. */
  @Override
  public Millstream stopOnShutdown() {
    return this;
  }

  /**
   * Stops all workers, letting as much time pass as that takes. Closing twice is the same as once.
   *
   * @throws AssertionError if it is {@link #strict} and the test has left something behind
   */
  @Override
  public void close() {
    if (first) {
      world.close();
    } else {
      world.await(process.stop());
    }
  }
}
