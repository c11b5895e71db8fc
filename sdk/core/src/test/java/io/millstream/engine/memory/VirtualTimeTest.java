package io.millstream.engine.memory;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millstream.engine.AddArgs;
import io.millstream.engine.AtomicSteps;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.Engine;
import io.millstream.engine.GroupCommands;
import io.millstream.engine.GroupInfo;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.engine.StreamCommands;
import io.millstream.engine.StreamEntries;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A server on virtual time, and short words for what the tests ask of it. */
abstract class VirtualTimeTest {
  static final String KEY = "orders";
  static final String GROUP = "workers";
  static final String ALICE = "alice";
  static final String BOB = "bob";

  final VirtualScheduler time = VirtualScheduler.create();
  final InMemoryServer server = InMemoryServer.create(time);
  final Engine engine = server.connect();
  final StreamCommands streams = engine.streams();
  final GroupCommands groups = engine.groups();
  final AtomicSteps steps = engine.steps();

  static <T> T get(Mono<T> call) {
    return Objects.requireNonNull(call.block(), "nil");
  }

  static void run(Mono<?> call) {
    call.block();
  }

  static @Nullable RedisException errorOf(Mono<?> call) {
    return catchThrowableOfType(RedisException.class, call::block);
  }

  static EntryId id(String text) {
    return EntryId.parse(text);
  }

  static List<EntryId> ids(String... texts) {
    return Arrays.stream(texts).map(EntryId::parse).toList();
  }

  void add(String... ids) {
    addTo(KEY, ids);
  }

  void addTo(String key, String... ids) {
    for (String id : ids) {
      run(streams.add(key, Fields.of("f", id), AddArgs.id(id)));
    }
  }

  /** Entries 1-0 to count-0 with one value each. */
  void addMany(int count, Fields fields) {
    for (int i = 1; i <= count; i++) {
      run(streams.add(KEY, fields, AddArgs.id(i + "-0")));
    }
  }

  void createGroup(String... keys) {
    for (String key : keys.length == 0 ? new String[] {KEY} : keys) {
      run(groups.create(key, GROUP, CreateArgs.from("0")));
    }
  }

  GroupInfo group() {
    return get(groups.infoGroups(KEY)).get(0);
  }

  Reader openReader() {
    return get(engine.openReader());
  }

  /** A read that need not wait; the ids it brought. */
  List<EntryId> readNow(String consumer, long count) {
    List<StreamEntries> reply =
        openReader().read(ReadArgs.fresh(KEY, GROUP, consumer, count, null)).block();
    return reply == null ? List.of() : idsOf(reply);
  }

  static List<EntryId> idsOf(List<StreamEntries> reply) {
    return reply.stream().flatMap(each -> each.entries().stream()).map(Entry::id).toList();
  }

  CompletableFuture<List<StreamEntries>> block(Reader reader, String consumer, Duration block) {
    return reader.read(ReadArgs.fresh(KEY, GROUP, consumer, 1, block)).toFuture();
  }

  CompletableFuture<List<StreamEntries>> block(String consumer, Duration block) {
    return block(openReader(), consumer, block);
  }

  /** The pending rows as {@code id consumer count}. */
  List<String> pending() {
    return get(groups.pending(KEY, GROUP, PendingArgs.all(1000))).stream()
        .map(row -> row.id() + " " + row.consumer() + " " + row.deliveries())
        .toList();
  }

  /** The pending rows as {@code id idle}. */
  List<String> idleTimes() {
    return get(groups.pending(KEY, GROUP, PendingArgs.all(1000))).stream()
        .map(row -> row.id() + " " + row.idle().toMillis())
        .toList();
  }
}
