package io.millstream.engine.lettuce;

import static io.millstream.engine.lettuce.Engines.failure;
import static io.millstream.engine.lettuce.Engines.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.ProtocolVersion;
import io.millstream.engine.AtomicSteps;
import io.millstream.engine.AtomicSteps.Answer;
import io.millstream.engine.AtomicSteps.DeadLetter;
import io.millstream.engine.AtomicSteps.Held;
import io.millstream.engine.AtomicSteps.Redelivered;
import io.millstream.engine.AtomicSteps.Release;
import io.millstream.engine.ClaimArgs;
import io.millstream.engine.CreateArgs;
import io.millstream.engine.PendingArgs;
import io.millstream.engine.PendingEntry;
import io.millstream.engine.ReadArgs;
import io.millstream.engine.Reader;
import io.millstream.engine.RedisException;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.testing.OwnRedis;
import io.millstream.testing.RespConnection;
import io.millstream.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.scheduler.Schedulers;

/** The scripts on a real server: what each answers, and what it leaves behind. */
@ParameterizedClass
@EnumSource(ProtocolVersion.class)
class LettuceAtomicStepsTest {
  private static final String GROUP = "g";
  private static final String ME = "me";
  private static final Duration DAY = Duration.ofDays(1);

  private final ProtocolVersion protocol;
  private RedisClient client;
  private LettuceEngine engine;
  private AtomicSteps steps;
  private String stream;

  LettuceAtomicStepsTest(ProtocolVersion protocol) {
    this.protocol = protocol;
  }

  @BeforeEach
  void connect() {
    client = Engines.client(TestRedis.uri(), protocol);
    engine = Engines.connected(LettuceEngine.using(client, Schedulers.parallel()));
    steps = engine.steps();
    stream = TestRedis.key();
    engine.groups().create(stream, GROUP, CreateArgs.from("0")).block();
  }

  @AfterEach
  void close() {
    engine.close().block();
    client.shutdown();
  }

  @Test
  void renewResetsIdleAndKeepsTheCount() {
    EntryId id = deliver(1).get(0);
    makeIdle(ME, 3, id);

    assertThat(get(steps.renew(stream, GROUP, ME, List.of(new Held(id, 3)))))
        .containsExactly(Answer.DONE);

    PendingEntry row = row(id);
    assertThat(row.idle()).isLessThan(Duration.ofHours(1));
    assertThat(row.deliveries()).isEqualTo(3);
    assertThat(row.consumer()).isEqualTo(ME);
  }

  @Test
  void renewTellsWhatIsNotOursAndWhatIsGone() {
    List<EntryId> ids = deliver(6);
    claim("other", ids.get(1));
    makeIdle(ME, 2, ids.get(2));
    engine.groups().ack(stream, GROUP, List.of(ids.get(3))).block();
    engine.groups().ack(stream, GROUP, List.of(ids.get(4))).block();
    engine.streams().delete(stream, List.of(ids.get(4), ids.get(5))).block();

    assertThat(get(steps.renew(stream, GROUP, ME, held(ids, 1))))
        .containsExactly(
            Answer.DONE,
            Answer.NOT_OURS, // another's
            Answer.NOT_OURS, // another count
            Answer.NOT_OURS, // settled
            Answer.GONE, // settled and deleted
            Answer.GONE); // ours, deleted
    assertThat(row(ids.get(1)).consumer()).isEqualTo("other");
    assertThat(row(ids.get(2)).idle()).isGreaterThan(Duration.ofHours(1));
  }

  @Test
  void renewFindsIdsThatOneRangeHasNoRoomFor() {
    List<EntryId> ids = deliver(100);
    List<EntryId> scattered = List.of(ids.get(99), ids.get(0), ids.get(50));
    makeIdle(ME, 1, ids.toArray(new EntryId[0]));

    assertThat(get(steps.renew(stream, GROUP, ME, held(scattered, 1))))
        .containsExactly(Answer.DONE, Answer.DONE, Answer.DONE);

    assertThat(scattered).allMatch(id -> row(id).idle().compareTo(Duration.ofHours(1)) < 0);
    assertThat(row(ids.get(1)).idle()).isGreaterThan(Duration.ofHours(1));
  }

  @Test
  void renewTakesAHundredIdsAndNoMore() {
    List<EntryId> ids = deliver(101);

    assertThat(get(steps.renew(stream, GROUP, ME, held(ids.subList(0, 100), 1))))
        .hasSize(100)
        .containsOnly(Answer.DONE);
    assertThatThrownBy(() -> steps.renew(stream, GROUP, ME, held(ids, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 100");
  }

  @Test
  void redeliverCountsOnceHoweverOftenItIsAsked() {
    EntryId id = deliver(1).get(0);

    for (int time = 0; time < 3; time++) {
      Redelivered answer = get(steps.redeliver(stream, GROUP, ME, 1, List.of(id))).get(0);
      assertThat(answer.answer()).isEqualTo(Answer.DONE);
      assertThat(answer.entry()).isEqualTo(new Entry(id, Fields.of("n", "0", "n", "", "", "x")));
      assertThat(row(id).deliveries()).isEqualTo(2);
    }
  }

  @Test
  void redeliverTellsWhatIsNotOursAndWhatIsGone() {
    List<EntryId> ids = deliver(6);
    claim("other", ids.get(1));
    makeIdle(ME, 3, ids.get(2));
    engine.groups().ack(stream, GROUP, List.of(ids.get(3), ids.get(4))).block();
    engine.streams().delete(stream, List.of(ids.get(4), ids.get(5))).block();

    List<Redelivered> answers = get(steps.redeliver(stream, GROUP, ME, 1, ids));

    assertThat(answers)
        .extracting(Redelivered::answer)
        .containsExactly(
            Answer.DONE,
            Answer.NOT_OURS,
            Answer.NOT_OURS,
            Answer.NOT_OURS,
            Answer.GONE,
            Answer.GONE);
    assertThat(answers).extracting(Redelivered::id).containsExactlyElementsOf(ids);
    assertThat(answers.subList(1, 6)).extracting(Redelivered::entry).containsOnlyNulls();
    assertThat(rows()).extracting(PendingEntry::id).doesNotContain(ids.get(5));
    assertThat(row(ids.get(2)).deliveries()).isEqualTo(3);
  }

  @Test
  void stepsFailWithNogroupWhereTheGroupIsGone() {
    EntryId id = deliver(1).get(0);
    engine.groups().destroy(stream, GROUP).block();

    assertThat(
            List.of(
                failure(steps.renew(stream, GROUP, ME, List.of(new Held(id, 1)))),
                failure(steps.redeliver(stream, GROUP, ME, 1, List.of(id))),
                failure(steps.release(stream, GROUP, ME, List.of(new Release(id, 1, 0, DAY)))),
                failure(steps.deadLetter(letter(id, 1, Fields.EMPTY))),
                failure(steps.removeConsumer(stream, GROUP, ME))))
        .allSatisfy(
            error -> {
              assertThat(error.code()).isEqualTo("NOGROUP");
              assertThat(error)
                  .hasMessage("NOGROUP No such key '%s' or consumer group 'g'".formatted(stream));
            });
  }

  @Test
  void deadLetterWritesAndAcknowledges() {
    EntryId id = deliver(1).get(0);

    assertThat(get(steps.deadLetter(letter(id, 1, Fields.of("f", "1", "f", "2")))))
        .isEqualTo(Answer.DONE);

    assertThat(letters()).containsExactly(Fields.of("f", "1", "f", "2", "id", id.toString()));
    assertThat(rows()).isEmpty();
  }

  @Test
  void deadLetterTakesTheFieldsFromTheStreamIfNoneAreGiven() {
    EntryId id = deliver(1).get(0);

    assertThat(get(steps.deadLetter(letter(id, 1, null)))).isEqualTo(Answer.DONE);

    assertThat(letters())
        .containsExactly(Fields.of("n", "0", "n", "", "", "x", "id", id.toString()));
  }

  @Test
  void deadLetterOfADeletedEntryWithoutFieldsIsItsStory() {
    EntryId id = deliver(1).get(0);
    engine.streams().delete(stream, List.of(id)).block();

    assertThat(get(steps.deadLetter(letter(id, 1, null)))).isEqualTo(Answer.DONE);

    assertThat(letters()).containsExactly(Fields.of("id", id.toString()));
    assertThat(rows()).isEmpty();
  }

  @Test
  void deadLetterOfWhatIsSettledOrAnothersWritesNothing() {
    List<EntryId> ids = deliver(3);
    engine.groups().ack(stream, GROUP, List.of(ids.get(0))).block();
    claim("other", ids.get(1));
    makeIdle(ME, 2, ids.get(2));

    for (EntryId id : ids) {
      assertThat(get(steps.deadLetter(letter(id, 1, Fields.EMPTY)))).isEqualTo(Answer.NOT_OURS);
    }
    assertThat(letters()).isEmpty();
  }

  @Test
  void deadLetterOfWhatIsGoneIsWrittenOnce() {
    EntryId id = deliver(1).get(0);
    engine.groups().ack(stream, GROUP, List.of(id)).block();
    engine.streams().delete(stream, List.of(id)).block();

    for (int time = 0; time < 2; time++) {
      assertThat(get(steps.deadLetter(letter(id, 1, Fields.of("id", "another")))))
          .isEqualTo(Answer.GONE);
    }
    assertThat(letters()).containsExactly(Fields.of("id", "another", "id", id.toString()));
  }

  @Test
  void deadLetterThatCannotBeWrittenDoesNotAcknowledge() {
    EntryId id = deliver(1).get(0);
    try (RespConnection redis = TestRedis.connect()) {
      redis.call("SET", target(), "not a stream");
    }

    assertThat(failure(steps.deadLetter(letter(id, 1, Fields.EMPTY))).code())
        .isEqualTo("WRONGTYPE");

    assertThat(row(id).consumer()).isEqualTo(ME);
  }

  @Test
  void deadLetterTakesEntriesOfVeryManyFields() {
    Fields.Builder many = Fields.builder();
    IntStream.range(0, 20_000).forEach(i -> many.add("f" + i, "v" + i));
    Fields fields = many.build();
    EntryId first = get(engine.streams().add(stream, fields));
    EntryId second = get(engine.streams().add(stream, fields));
    read(2);

    assertThat(get(steps.redeliver(stream, GROUP, ME, 1, List.of(first))).get(0).entry())
        .isEqualTo(new Entry(first, fields));
    assertThat(get(steps.deadLetter(letter(first, 2, fields)))).isEqualTo(Answer.DONE);
    assertThat(get(steps.deadLetter(letter(second, 1, null)))).isEqualTo(Answer.DONE);
    assertThat(letters())
        .containsExactly(
            fields.plus(Fields.of("id", first.toString())),
            fields.plus(Fields.of("id", second.toString())));
  }

  @Test
  void releaseParksAtOnceClaimableAndIsDoneWhenAskedAgain() {
    EntryId id = deliver(1).get(0);
    List<Release> release = List.of(new Release(id, 1, 0, DAY));

    assertThat(get(steps.release(stream, GROUP, ME, release))).containsExactly(Answer.DONE);
    assertThat(get(steps.release(stream, GROUP, ME, release))).containsExactly(Answer.DONE);

    PendingEntry row = row(id);
    assertThat(row.consumer()).isEqualTo(AtomicSteps.RELEASED);
    assertThat(row.deliveries()).isZero();
    assertThat(row.idle()).isGreaterThanOrEqualTo(DAY).isLessThan(DAY.plusMinutes(1));
    assertThat(get(steps.renew(stream, GROUP, ME, held(List.of(id), 0))))
        .as("a late renewal does not call it back")
        .containsExactly(Answer.NOT_OURS);
  }

  @Test
  void releaseTellsWhatIsNotOursAndRemovesTheRowOfWhatIsGone() {
    List<EntryId> ids = deliver(6);
    claim("other", ids.get(1));
    makeIdle(ME, 3, ids.get(2));
    engine.groups().ack(stream, GROUP, List.of(ids.get(3), ids.get(4))).block();
    engine.streams().delete(stream, List.of(ids.get(4), ids.get(5))).block();
    List<Release> releases = ids.stream().map(id -> new Release(id, 1, 1, DAY)).toList();

    assertThat(get(steps.release(stream, GROUP, ME, releases)))
        .containsExactly(
            Answer.DONE,
            Answer.NOT_OURS,
            Answer.NOT_OURS,
            Answer.NOT_OURS,
            Answer.GONE,
            Answer.GONE);
    assertThat(rows())
        .extracting(PendingEntry::id)
        .containsExactly(ids.get(0), ids.get(1), ids.get(2));
  }

  @Test
  void removeConsumerLeavesOneThatHasPendingEntries() {
    List<EntryId> ids = deliver(1);

    assertThat(get(steps.removeConsumer(stream, GROUP, ME))).isFalse();
    assertThat(rows()).hasSize(1);

    engine.groups().ack(stream, GROUP, ids).block();
    assertThat(get(steps.removeConsumer(stream, GROUP, ME))).isTrue();
    assertThat(get(steps.removeConsumer(stream, GROUP, ME))).isTrue();
    assertThat(get(engine.groups().infoConsumers(stream, GROUP))).isEmpty();
  }

  @Test
  void stepsGoOnAfterTheServerForgotItsScripts() {
    EntryId id = deliver(1).get(0);
    steps.renew(stream, GROUP, ME, held(List.of(id), 1)).block();
    try (RespConnection redis = TestRedis.connect()) {
      redis.call("SCRIPT", "FLUSH");
    }

    assertThat(get(steps.renew(stream, GROUP, ME, held(List.of(id), 1))))
        .containsExactly(Answer.DONE);
  }

  @Test
  void errorsOfScriptsKeepTheirCodes() {
    try (OwnRedis own = TestRedis.startOwn();
        RespConnection redis = own.connect()) {
      RedisClient ownClient = Engines.client(own.uri(), protocol);
      LettuceEngine engine =
          Engines.connected(LettuceEngine.using(ownClient, Schedulers.parallel()));
      try {
        EntryId id = get(engine.streams().add("s", Fields.of("f", "v")));
        engine.groups().create("s", GROUP, CreateArgs.from("0")).block();
        redis.call("XREADGROUP", "GROUP", GROUP, ME, "STREAMS", "s", ">");
        DeadLetter letter =
            new DeadLetter(
                "s", GROUP, ME, new Held(id, 1), "dlq", null, "id", Fields.of("id", "x"));

        redis.call("CONFIG", "SET", "maxmemory", "1");
        RedisException oom = failure(engine.steps().deadLetter(letter));
        assertThat(oom.code()).isEqualTo("OOM");
        assertThat(oom).hasMessageStartingWith("OOM command not allowed");
        assertThat(oom).hasMessageNotContaining("script:");
        redis.call("CONFIG", "SET", "maxmemory", "0");

        redis.call("CONFIG", "SET", "min-replicas-to-write", "1");
        assertThat(failure(engine.steps().deadLetter(letter)).code()).isEqualTo("NOREPLICAS");
        assertThat(failure(engine.steps().release("s", GROUP, ME, release(id))).code())
            .isEqualTo("NOREPLICAS");
        redis.call("CONFIG", "SET", "min-replicas-to-write", "0");

        redis.call("REPLICAOF", "127.0.0.1", "1");
        assertThat(failure(engine.steps().deadLetter(letter)).code()).isEqualTo("READONLY");
        assertThat(failure(engine.steps().release("s", GROUP, ME, release(id))).code())
            .isEqualTo("READONLY");
        redis.call("REPLICAOF", "NO", "ONE");

        assertThat(get(engine.steps().deadLetter(letter))).isEqualTo(Answer.DONE);
      } finally {
        engine.close().block();
        ownClient.shutdown();
      }
    }
  }

  private static List<Release> release(EntryId id) {
    return List.of(new Release(id, 1, 1, DAY));
  }

  /** Adds that many entries and lets {@link #ME} read them. */
  private List<EntryId> deliver(int count) {
    List<EntryId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(
          get(engine.streams().add(stream, Fields.of("n", Integer.toString(i), "n", "", "", "x"))));
    }
    read(count);
    return Collections.unmodifiableList(ids);
  }

  private void read(int count) {
    Reader reader = get(engine.openReader());
    assertThat(get(reader.read(ReadArgs.fresh(stream, GROUP, ME, count, null))).get(0).entries())
        .hasSize(count);
    assertThat(get(reader.close())).isTrue();
  }

  private void claim(String consumer, EntryId... ids) {
    engine
        .groups()
        .claimJustId(stream, GROUP, consumer, Duration.ZERO, List.of(ids), ClaimArgs.NONE)
        .block();
  }

  private void makeIdle(String consumer, long count, EntryId... ids) {
    ClaimArgs args = new ClaimArgs(DAY, null, count, false, null);
    engine.groups().claimJustId(stream, GROUP, consumer, Duration.ZERO, List.of(ids), args).block();
  }

  private static List<Held> held(List<EntryId> ids, long count) {
    return ids.stream().map(id -> new Held(id, count)).toList();
  }

  private DeadLetter letter(EntryId id, long count, @Nullable Fields original) {
    Fields story = Fields.of("id", id.toString());
    return new DeadLetter(stream, GROUP, ME, new Held(id, count), target(), original, "id", story);
  }

  private String target() {
    return stream + ":g:dlq";
  }

  private List<Fields> letters() {
    return get(engine.streams().range(target(), "-", "+", null)).stream()
        .map(Entry::fields)
        .toList();
  }

  private List<PendingEntry> rows() {
    return get(engine.groups().pending(stream, GROUP, PendingArgs.all(1000)));
  }

  private PendingEntry row(EntryId id) {
    return rows().stream().filter(row -> row.id().equals(id)).findFirst().orElseThrow();
  }
}
