package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.testing.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import reactor.core.publisher.Mono;

/**
 * What every engine owes to those who use the port. The contracts that extend this run unchanged on
 * the in-memory engine and on every real server; where servers differ, a test asks {@link #has} and
 * asserts the other behaviour. None is ever skipped. No two tests of the suite have one name:
 * reports name them by engine and method, and take two of one name for a test and its rerun.
 *
 * <p>The rules are those of docs/redis-rules.md. The port cannot express, and {@code WireContract}
 * of millstream-test does:
 *
 * <ul>
 *   <li>transactions (MULTI / EXEC): rules 43, 46, 47, 48
 *   <li>RENAME and COPY: rule 28
 *   <li>XREAD without a group: rule 52
 *   <li>CLIENT UNBLOCK ... ERROR: half of rule 53
 *   <li>malformed syntax: rules 8 (an odd number of fields), 15, 32, half of 31, 55 and 60
 *   <li>which RESP3 types carry a reply: rule 70
 * </ul>
 */
abstract class EngineContract {
  static final String GROUP = "g";
  static final String ALICE = "alice";
  static final String BOB = "bob";
  static final Duration NOW = Duration.ZERO;
  static final Duration HOUR = Duration.ofHours(1);
  static final Duration LONG_BLOCK = Duration.ofSeconds(20);

  static final Duration PATIENCE = Duration.ofSeconds(10);

  final EngineFixture fixture;
  final Engine engine;
  final StreamCommands streams;
  final GroupCommands groups;
  final AtomicSteps steps;

  /** A key of this test's own; nothing is there yet. */
  final String key;

  private final List<Reader> readers = new ArrayList<>();
  private @Nullable Reader reader;

  EngineContract(Supplier<EngineFixture> fixtures) {
    fixture = fixtures.get();
    engine = fixture.engine();
    streams = engine.streams();
    groups = engine.groups();
    steps = engine.steps();
    key = fixture.key();
  }

  @AfterEach
  void letGo() {
    readers.forEach(each -> get(each.close()));
    fixture.close();
  }

  boolean has(Capability capability) {
    return fixture.has(capability);
  }

  // Answers

  /** The value of a call that must answer one. */
  static <T> T get(Mono<T> call) {
    return Objects.requireNonNull(call.block(PATIENCE), "nil");
  }

  /** Makes a call whose answer does not matter. */
  static void run(Mono<?> call) {
    call.block(PATIENCE);
  }

  static void assertNil(Mono<?> call) {
    assertThat(call.blockOptional(PATIENCE)).isEmpty();
  }

  static RedisException errorOf(Mono<?> call) {
    RedisException error = catchThrowableOfType(RedisException.class, () -> call.block(PATIENCE));
    return Objects.requireNonNull(error, "no error");
  }

  /** The whole text of the error that a call must answer. */
  static @Nullable String error(Mono<?> call) {
    RedisException error = errorOf(call);
    assertThat(error.code()).isEqualTo(RedisException.of(message(error)).code());
    return error.getMessage();
  }

  private static String message(RedisException error) {
    return Objects.requireNonNull(error.getMessage());
  }

  static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  // Entries

  static EntryId id(String text) {
    return EntryId.parse(text);
  }

  static List<EntryId> ids(String... texts) {
    return Arrays.stream(texts).map(EntryId::parse).toList();
  }

  static List<EntryId> idsOf(List<Entry> entries) {
    return entries.stream().map(Entry::id).toList();
  }

  /** Fields that differ from entry to entry. */
  static Fields fieldsOf(String id) {
    return Fields.of("field", "value of " + id);
  }

  static Entry entry(String id) {
    return new Entry(id(id), fieldsOf(id));
  }

  static List<Entry> entries(String... ids) {
    return Arrays.stream(ids).map(EngineContract::entry).toList();
  }

  static Entry deleted(String id) {
    return new Entry(id(id), Fields.EMPTY);
  }

  /** XADD of {@link #entry} to the test's stream. */
  void add(String... ids) {
    addTo(key, ids);
  }

  void addTo(String stream, String... ids) {
    for (String id : ids) {
      run(streams.add(stream, fieldsOf(id), AddArgs.id(id)));
    }
  }

  List<EntryId> standing(String stream) {
    return idsOf(get(streams.range(stream, "-", "+", null)));
  }

  void delete(String... ids) {
    assertThat(get(streams.delete(key, ids(ids)))).isEqualTo(ids.length);
  }

  // Groups

  /** The test's group, from the beginning of the stream. */
  void createGroup() {
    createGroup(key);
  }

  void createGroup(String stream) {
    run(groups.create(stream, GROUP, CreateArgs.from("0")));
  }

  GroupInfo group() {
    return get(groups.infoGroups(key)).stream()
        .filter(row -> row.name().equals(GROUP))
        .findFirst()
        .orElseThrow();
  }

  List<String> consumers() {
    return get(groups.infoConsumers(key, GROUP)).stream().map(ConsumerInfo::name).toList();
  }

  ConsumerInfo consumer(String name) {
    return get(groups.infoConsumers(key, GROUP)).stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A reader that is closed at the end of the test. */
  Reader openReader() {
    return openReader(engine);
  }

  Reader openReader(Engine of) {
    Reader opened = get(of.openReader());
    readers.add(opened);
    return opened;
  }

  /** The reader for reads that do not block. */
  Reader reader() {
    if (reader == null) {
      reader = openReader();
    }
    return reader;
  }

  /** A read of the test's stream with {@code >}; what it brought. */
  List<Entry> readFresh(String consumer, long count) {
    return read(ReadArgs.fresh(key, GROUP, consumer, count, null));
  }

  /** A read of one stream; what it brought. */
  List<Entry> read(ReadArgs args) {
    return reader()
        .read(args)
        .blockOptional(PATIENCE)
        .map(
            replies -> {
              assertThat(replies).hasSize(1);
              assertThat(replies.get(0).key()).isEqualTo(args.streams().get(0).key());
              return replies.get(0).entries();
            })
        .orElse(List.of());
  }

  /** A group with the given entries, all of them pending under the consumer, with count 1. */
  void createPending(String consumer, String... ids) {
    createGroup();
    add(ids);
    assertThat(readFresh(consumer, ids.length)).containsExactly(entries(ids).toArray(new Entry[0]));
  }

  // The pending entries list

  /** Its rows as {@code id consumer count}. */
  List<String> pending() {
    return get(groups.pending(key, GROUP, PendingArgs.all(1_000))).stream()
        .map(row -> row.id() + " " + row.consumer() + " " + row.deliveries())
        .toList();
  }

  Duration idleOf(String id) {
    PendingArgs one = new PendingArgs(null, id, id, 1, null);
    return get(groups.pending(key, GROUP, one)).get(0).idle();
  }

  /** Makes entries look as if they had been delivered an hour ago; owner and count stay. */
  void age(String consumer, String... ids) {
    List<EntryId> aged = ids(ids);
    assertThat(get(groups.claimJustId(key, GROUP, consumer, NOW, aged, ClaimArgs.idle(HOUR))))
        .isEqualTo(aged);
  }

  void assertAged(String... ids) {
    for (String id : ids) {
      assertThat(idleOf(id)).as(id).isGreaterThanOrEqualTo(HOUR);
    }
  }

  void assertNotAged(String... ids) {
    for (String id : ids) {
      assertThat(idleOf(id)).as(id).isLessThan(HOUR.dividedBy(2));
    }
  }
}
