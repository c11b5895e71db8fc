package io.millstream.worker;

import io.millstream.codec.MessageStream;
import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.engine.memory.VirtualScheduler;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.observe.Observer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import reactor.core.scheduler.Schedulers;

/**
 * A Redis in memory, workers and publishers on one virtual clock; all of it runs on the test's own
 * thread.
 */
final class World {
  static final String GROUP = "workers";
  static final MessageStream<String> JOBS = MessageStream.string("jobs");

  /** What a server answers while a script runs. */
  static RedisException busy() {
    return new RedisException("BUSY", "BUSY Redis is busy running a script.");
  }

  final VirtualScheduler time = VirtualScheduler.create();
  final InMemoryServer server = InMemoryServer.create(time);
  final Engine admin = server.connect();
  private final Random chance = new Random(42);

  /** A worker in a process of its own, so to speak. */
  WorkerBuilder<String> worker() {
    return worker(server.connect());
  }

  WorkerBuilder<String> worker(Engine engine) {
    return worker(JOBS, engine);
  }

  <T> WorkerBuilder<T> worker(MessageStream<T> stream, Engine engine) {
    return worker(stream, process(engine, Observer.NONE));
  }

  /** One of several workers of a process. */
  <T> WorkerBuilder<T> worker(MessageStream<T> stream, WorkerEnvironment process) {
    return new WorkerBuilder<>(stream, GROUP, process, worker -> {});
  }

  WorkerEnvironment process(Engine engine, Observer observer) {
    return new WorkerEnvironment(
        engine, time, time, () -> Schedulers.fromExecutor(time::schedule), observer, chance);
  }

  void advance(Duration duration) {
    time.advance(duration);
  }

  void advanceSeconds(long seconds) {
    advance(Duration.ofSeconds(seconds));
  }

  /** Moves time in steps of a millisecond, so that what happens at once happens in turns. */
  void advanceMillis(long millis) {
    for (long i = 0; i < millis; i++) {
      advance(Duration.ofMillis(1));
    }
  }

  EntryId publish(String payload) {
    return publish(Fields.of("payload", payload));
  }

  EntryId publish(Fields fields) {
    return Objects.requireNonNull(admin.streams().add(JOBS.name(), fields).block());
  }

  List<EntryId> publish(int count) {
    List<EntryId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(publish("job-" + i));
    }
    return ids;
  }

  /** Somebody reads new entries and is never seen again. */
  void abandon(String consumer, int count) {
    admin.groups().create(JOBS.name(), GROUP, CreateArgs.from("0")).onErrorComplete().block();
    Reader reader = Objects.requireNonNull(admin.openReader().block());
    reader.read(ReadArgs.fresh(JOBS.name(), GROUP, consumer, count, null)).block();
    reader.close().block();
  }

  /** Takes a worker's rows away (XGROUP DELCONSUMER), as an operator may. */
  void deleteConsumer(Worker worker) {
    admin.groups().deleteConsumer(JOBS.name(), GROUP, worker.consumer()).block();
  }

  List<PendingEntry> pending() {
    return Objects.requireNonNull(
        admin.groups().pending(JOBS.name(), GROUP, PendingArgs.all(10_000)).block());
  }

  List<Entry> deadLetters() {
    return Objects.requireNonNull(
        admin.streams().range(JOBS.deadLetterKey(GROUP), "-", "+", null).block());
  }

  List<String> consumers() {
    return Objects.requireNonNull(admin.groups().infoConsumers(JOBS.name(), GROUP).block()).stream()
        .map(ConsumerInfo::name)
        .toList();
  }
}
