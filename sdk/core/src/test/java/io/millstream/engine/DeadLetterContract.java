package io.millstream.engine;

import static io.millstream.engine.AtomicSteps.Answer.DONE;
import static io.millstream.engine.AtomicSteps.Answer.GONE;
import static io.millstream.engine.AtomicSteps.Answer.NOT_OURS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.AtomicSteps.Answer;
import io.millstream.engine.AtomicSteps.DeadLetter;
import io.millstream.engine.AtomicSteps.Held;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** The atomic step deadLetter, as {@link AtomicSteps#deadLetter} describes it. */
abstract class DeadLetterContract extends EngineContract {
  private static final String ID_FIELD = "story-id";
  private static final byte[] BINARY = {0, (byte) 0xff, '\r', '\n', (byte) 0xc3, 0x28};

  private final String target = fixture.key();

  DeadLetterContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private static Fields story(String id) {
    return Fields.builder()
        .add("story-group", GROUP)
        .add(ID_FIELD, id)
        .add("story-cause", BINARY)
        .build();
  }

  private DeadLetter letter(String consumer, String id, long count, @Nullable Fields original) {
    return new DeadLetter(
        key, GROUP, consumer, new Held(id(id), count), target, original, ID_FIELD, story(id));
  }

  private Answer deadLetter(String consumer, String id, long count, @Nullable Fields original) {
    return get(steps.deadLetter(letter(consumer, id, count, original)));
  }

  private List<Fields> letters() {
    return get(streams.range(target, "-", "+", null)).stream().map(Entry::fields).toList();
  }

  @Test
  void deadLetterIsTheOriginalThenTheStoryAndTheEntryIsAcknowledged() {
    createPending(ALICE, "1-0", "2-0");
    assertThat(deadLetter(ALICE, "1-0", 1, fieldsOf("1-0"))).isEqualTo(DONE);
    assertThat(letters()).containsExactly(fieldsOf("1-0").plus(story("1-0")));
    assertThat(pending()).containsExactly("2-0 alice 1");
    assertThat(standing(key)).isEqualTo(ids("1-0", "2-0"));
  }

  @Test
  void originalFieldsAreTakenFromTheStreamUntouchedIfNotGiven() {
    Fields original =
        Fields.builder()
            .add("z", "1")
            .add("a", "2")
            .add("z", "1")
            .add("z", "3")
            .add("", "")
            .add(BINARY, BINARY)
            .build();
    createGroup();
    EntryId id = get(streams.add(key, original));
    assertThat(readFresh(ALICE, 1)).hasSize(1);
    assertThat(deadLetter(ALICE, id.toString(), 1, null)).isEqualTo(DONE);
    assertThat(letters()).containsExactly(original.plus(story(id.toString())));
  }

  @Test
  void originalFieldsTravelUntouchedIfGiven() {
    Fields original =
        Fields.builder().add("z", "1").add("a", "2").add("z", "1").add(BINARY, BINARY).build();
    createPending(ALICE, "1-0");
    assertThat(deadLetter(ALICE, "1-0", 1, original)).isEqualTo(DONE);
    assertThat(letters()).containsExactly(original.plus(story("1-0")));
  }

  @Test
  void entryMayHaveThousandsOfFields() {
    Fields.Builder builder = Fields.builder();
    for (int i = 0; i < 6_000; i++) {
      builder.add("field" + i, "value" + i);
    }
    Fields original = builder.build();
    createGroup();
    for (Fields given : new @Nullable Fields[] {null, original}) {
      EntryId id = get(streams.add(key, original));
      assertThat(readFresh(ALICE, 1)).hasSize(1);
      assertThat(deadLetter(ALICE, id.toString(), 1, given)).isEqualTo(DONE);
      List<Fields> letters = letters();
      assertThat(letters.get(letters.size() - 1)).isEqualTo(original.plus(story(id.toString())));
    }
  }

  @Test
  void deadLetterOfAnAcknowledgedEntryIsNotWritten() {
    createPending(ALICE, "1-0");
    run(groups.ack(key, GROUP, ids("1-0")));
    assertThat(deadLetter(ALICE, "1-0", 1, fieldsOf("1-0"))).isEqualTo(NOT_OURS);
    assertThat(deadLetter(ALICE, "1-0", 1, null)).isEqualTo(NOT_OURS);
    assertThat(letters()).isEmpty();
  }

  @Test
  void deadLetterTwiceIsWrittenOnce() {
    createPending(ALICE, "1-0");
    assertThat(deadLetter(ALICE, "1-0", 1, fieldsOf("1-0"))).isEqualTo(DONE);
    assertThat(deadLetter(ALICE, "1-0", 1, fieldsOf("1-0"))).isEqualTo(NOT_OURS);
    assertThat(letters()).hasSize(1);
    delete("1-0");
    assertThat(deadLetter(ALICE, "1-0", 1, fieldsOf("1-0"))).isEqualTo(GONE);
    assertThat(letters()).hasSize(1);
  }

  @Test
  void deadLetterLeavesAloneWhatAnotherConsumerHolds() {
    createPending(ALICE, "1-0");
    age(ALICE, "1-0");
    assertThat(deadLetter(BOB, "1-0", 1, fieldsOf("1-0"))).isEqualTo(NOT_OURS);
    assertThat(letters()).isEmpty();
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertAged("1-0");
    assertThat(consumers()).containsExactly(ALICE);
  }

  @Test
  void deadLetterLeavesAloneWhatHasAnotherCount() {
    createPending(ALICE, "1-0");
    for (String consumer : List.of(BOB, ALICE)) {
      run(groups.claim(key, GROUP, consumer, NOW, ids("1-0"), ClaimArgs.NONE));
    }
    for (long count : new long[] {1, 2, 4}) {
      assertThat(deadLetter(ALICE, "1-0", count, fieldsOf("1-0"))).isEqualTo(NOT_OURS);
    }
    assertThat(letters()).isEmpty();
    assertThat(pending()).containsExactly("1-0 alice 3");
  }

  @Test
  void deadLetterOfADeletedEntryThatWeHoldIsWrittenAndAcknowledged() {
    createPending(ALICE, "1-0", "2-0");
    delete("1-0", "2-0");
    assertThat(deadLetter(ALICE, "1-0", 1, fieldsOf("1-0"))).isEqualTo(DONE);
    assertThat(deadLetter(ALICE, "2-0", 1, null)).isEqualTo(DONE);
    assertThat(letters()).containsExactly(fieldsOf("1-0").plus(story("1-0")), story("2-0"));
    assertThat(pending()).isEmpty();
  }

  @Test
  void deadLetterOfADeletedEntryThatAnotherHoldsIsNotWritten() {
    createPending(ALICE, "1-0");
    delete("1-0");
    assertThat(deadLetter(BOB, "1-0", 1, fieldsOf("1-0"))).isEqualTo(NOT_OURS);
    assertThat(deadLetter(ALICE, "1-0", 2, fieldsOf("1-0"))).isEqualTo(NOT_OURS);
    assertThat(letters()).isEmpty();
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void deadLetterOfWhatIsGoneIsWrittenOnce() {
    createGroup();
    assertThat(deadLetter(ALICE, "1-0", 1, fieldsOf("1-0"))).isEqualTo(GONE);
    assertThat(deadLetter(ALICE, "1-0", 1, fieldsOf("1-0"))).isEqualTo(GONE);
    assertThat(deadLetter(BOB, "1-0", 7, null)).isEqualTo(GONE);
    assertThat(letters()).containsExactly(fieldsOf("1-0").plus(story("1-0")));
    assertThat(deadLetter(ALICE, "2-0", 1, null)).isEqualTo(GONE);
    assertThat(letters()).containsExactly(fieldsOf("1-0").plus(story("1-0")), story("2-0"));
    assertThat(pending()).isEmpty();
  }

  @Test
  void deadLetterOfWhatIsGoneIsRecognisedAmongTheLastHundred() {
    createGroup();
    assertThat(deadLetter(ALICE, "1-0", 1, null)).isEqualTo(GONE);
    addForeignLetters(99);
    assertThat(deadLetter(ALICE, "1-0", 1, null)).isEqualTo(GONE);
    assertThat(letters()).hasSize(100);
    addForeignLetters(1);
    assertThat(deadLetter(ALICE, "1-0", 1, null)).isEqualTo(GONE);
    assertThat(letters()).hasSize(102);
  }

  private void addForeignLetters(int count) {
    Flux.fromStream(IntStream.range(0, count).boxed())
        .concatMap(i -> streams.add(target, Fields.of("some-field", "1-0", ID_FIELD, "1-00")))
        .blockLast(PATIENCE);
  }

  @Test
  void deadLetterIsRecognisedByItsStoryAndNotByItsOriginalFields() {
    createGroup();
    Fields original = Fields.of(ID_FIELD, "7-0");
    assertThat(deadLetter(ALICE, "1-0", 1, original)).isEqualTo(GONE);
    assertThat(deadLetter(ALICE, "7-0", 1, null)).isEqualTo(GONE);
    assertThat(letters()).containsExactly(original.plus(story("1-0")), story("7-0"));
    assertThat(deadLetter(ALICE, "1-0", 1, original)).isEqualTo(GONE);
    assertThat(letters()).hasSize(2);
  }

  @Test
  void nothingIsAcknowledgedWhenTheDeadLetterCannotBeWritten() {
    createPending(ALICE, "1-0");
    fixture.putString(target);
    assertThat(errorOf(steps.deadLetter(letter(ALICE, "1-0", 1, fieldsOf("1-0")))).code())
        .isEqualTo("WRONGTYPE");
    assertThat(pending()).containsExactly("1-0 alice 1");
    fixture.deleteKey(target);
    assertThat(deadLetter(ALICE, "1-0", 1, fieldsOf("1-0"))).isEqualTo(DONE);
    assertThat(letters()).hasSize(1);
  }

  @Test
  void deadLetterFailsWithNogroupWhereTheStreamOrTheGroupIsGone() {
    DeadLetter letter = letter(ALICE, "1-0", 1, fieldsOf("1-0"));
    assertThat(errorOf(steps.deadLetter(letter)).code()).isEqualTo("NOGROUP");
    add("1-0");
    assertThat(errorOf(steps.deadLetter(letter)).code()).isEqualTo("NOGROUP");
    assertThat(letters()).isEmpty();
  }

  @Test
  void deadLetterRefusesAStreamOfAnotherType() {
    fixture.putString(key);
    assertThat(errorOf(steps.deadLetter(letter(ALICE, "1-0", 1, null))).code())
        .isEqualTo("WRONGTYPE");
    assertThat(letters()).isEmpty();
  }

  @Test
  void otherGroupsKeepTheEntry() {
    createPending(ALICE, "1-0");
    run(groups.create(key, "other", CreateArgs.from("0")));
    assertThat(read(ReadArgs.fresh(key, "other", BOB, 10, null))).hasSize(1);
    assertThat(deadLetter(ALICE, "1-0", 1, null)).isEqualTo(DONE);
    assertThat(get(groups.pending(key, "other")).byConsumer()).containsOnlyKeys(BOB);
    assertThat(readFresh(ALICE, 10)).isEmpty();
  }

  @Test
  void deadLetterWakesWhoWaitsForDeadLetters() throws Exception {
    createPending(ALICE, "1-0");
    createGroup(target);
    var read = openReader().read(ReadArgs.fresh(target, GROUP, BOB, 1, LONG_BLOCK)).toFuture();
    fixture.awaitBlockedReaders(1);
    assertThat(deadLetter(ALICE, "1-0", 1, fieldsOf("1-0"))).isEqualTo(DONE);
    await("the reader wakes", read::isDone);
    assertThat(read.get().get(0).entries().get(0).fields())
        .isEqualTo(fieldsOf("1-0").plus(story("1-0")));
  }
}
