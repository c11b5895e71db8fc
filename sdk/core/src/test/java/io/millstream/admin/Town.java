package io.millstream.admin;

import io.millstream.codec.MessageStream;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.GroupInfo;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.memory.InMemoryServer;
import io.millstream.engine.memory.VirtualScheduler;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.observe.Observer;
import io.millstream.worker.WorkerBuilder;
import io.millstream.worker.WorkerEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A server in memory and in virtual time, workers on it, and an operator. */
final class Town {
  static final MessageStream<String> JOBS = MessageStream.string("jobs");

  final VirtualScheduler time = VirtualScheduler.create();
  final InMemoryServer server = InMemoryServer.create(time);
  final Engine engine = server.connect();
  final StreamAdmin admin = new StreamAdmin(engine, time);
  private final Random chance = new Random(42);

  WorkerBuilder<String> worker(String group) {
    return worker(JOBS, group);
  }

  WorkerBuilder<String> worker(MessageStream<String> stream, String group) {
    return new WorkerBuilder<>(
        stream,
        group,
        new WorkerEnvironment(
            server.connect(),
            time,
            time,
            () -> Schedulers.fromExecutor(time::schedule),
            Observer.NONE,
            chance),
        worker -> {});
  }

  void advance(Duration duration) {
    time.advance(duration);
  }

  static <T> T get(Mono<T> call) {
    return Objects.requireNonNull(call.block(Duration.ofSeconds(30)));
  }

  static <T> List<T> all(Flux<T> call) {
    return get(call.collectList());
  }

  /** What comes while time passes. */
  <T> List<T> within(Duration duration, Flux<T> call) {
    List<T> come = new ArrayList<>();
    call.subscribe(come::add);
    advance(duration);
    return come;
  }

  void createGroup(String group) {
    get(engine.groups().create(JOBS.name(), group, CreateArgs.from("0")).thenReturn(true));
  }

  EntryId publish(String payload) {
    return get(engine.streams().add(JOBS.name(), Fields.of("payload", payload)));
  }

  List<Entry> read(String group, String consumer, long count) {
    Reader reader = get(engine.openReader());
    List<Entry> entries =
        reader
            .read(ReadArgs.fresh(JOBS.name(), group, consumer, count, null))
            .map(streams -> streams.get(0).entries())
            .blockOptional()
            .orElse(List.of());
    reader.close().block();
    return entries;
  }

  void acknowledge(String group, List<Entry> entries) {
    get(engine.groups().ack(JOBS.name(), group, entries.stream().map(Entry::id).toList()));
  }

  List<PendingEntry> pending(String group) {
    return get(engine.groups().pending(JOBS.name(), group, PendingArgs.all(100_000)));
  }

  GroupInfo group(String name) {
    return get(engine.groups().infoGroups(JOBS.name())).stream()
        .filter(group -> group.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  List<Entry> standing() {
    return get(engine.streams().range(JOBS.name(), "-", "+", null));
  }
}
