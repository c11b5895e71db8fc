package io.millstream.engine;

import static io.millstream.engine.AdminSteps.Redriven.ABSENT;
import static io.millstream.engine.AdminSteps.Redriven.ADDED;
import static io.millstream.engine.AdminSteps.Redriven.EMPTY;
import static io.millstream.engine.AdminSteps.Redriven.FOREIGN;
import static io.millstream.engine.AdminSteps.Redriven.HELD;
import static io.millstream.engine.AdminSteps.Redriven.IN_PLACE;
import static io.millstream.engine.AdminSteps.Redriven.PENDING;
import static io.millstream.engine.AdminSteps.Redriven.UNREAD;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.AdminSteps.Names;
import io.millstream.engine.AdminSteps.Redrive;
import io.millstream.engine.AdminSteps.Redriven;
import io.millstream.engine.AdminSteps.SafeTrim;
import io.millstream.engine.AdminSteps.Trimmed;
import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an operator asks for, as {@link AdminSteps} describes it. */
abstract class AdminContract extends EngineContract {
  private static final String OTHER = "other";
  private static final Names NAMES = new Names("s-stream", "s-id", "s-group", "m-id", "m-group");
  private static final byte[] BINARY = {0, (byte) 0xff, '\r', '\n', (byte) 0xc3, 0x28};

  private final AdminSteps admin = engine.adminSteps();
  private final String box = fixture.key();

  AdminContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private Fields story(String id) {
    return Fields.of("s-stream", key, "s-id", id, "s-group", GROUP, "s-reason", "it failed");
  }

  private EntryId letter(String id) {
    return letter(fieldsOf(id).plus(story(id)));
  }

  private EntryId letter(Fields fields) {
    return get(streams.add(box, fields));
  }

  private List<Redriven> redrive(EntryId... letters) {
    return redrive(false, letters);
  }

  private List<Redriven> redrive(boolean dryRun, EntryId... letters) {
    return get(admin.redrive(redriving(dryRun, letters)));
  }

  private Redrive redriving(boolean dryRun, EntryId... letters) {
    return new Redrive(key, GROUP, box, NAMES, Arrays.asList(letters), dryRun);
  }

  private void readAndAcknowledge(String group, long count) {
    List<Entry> read = read(ReadArgs.fresh(key, group, ALICE, count, null));
    run(groups.ack(key, group, idsOf(read)));
  }

  private Fields marked(String id) {
    return fieldsOf(id).plus(Fields.of("m-id", id, "m-group", GROUP));
  }

  private Entry newest() {
    return get(streams.reverseRange(key, "+", "-", 1L)).get(0);
  }

  private List<EntryId> letters() {
    return standing(box);
  }

  // redrive

  @Test
  void redrivenEntryThatStandsIsPendingAgainWhereAnyWorkerMayTakeItAtOnce() {
    createGroup();
    add("1-0", "2-0");
    readAndAcknowledge(GROUP, 2);
    EntryId letter = letter("1-0");
    assertThat(redrive(letter)).containsExactly(IN_PLACE);
    assertThat(pending()).containsExactly("1-0 millstream.released 0");
    assertThat(get(steps.takeReleased(key, GROUP, BOB, Duration.ofHours(24), 10)))
        .containsExactly(new AtomicSteps.Held(id("1-0"), 0));
    assertThat(letters()).isEmpty();
    assertThat(standing(key)).isEqualTo(ids("1-0", "2-0"));
  }

  @Test
  void redriveTwiceDoesWhatItDoesOnce() {
    createGroup();
    add("1-0");
    readAndAcknowledge(GROUP, 1);
    EntryId letter = letter("1-0");
    assertThat(redrive(letter)).containsExactly(IN_PLACE);
    assertThat(get(steps.takeReleased(key, GROUP, BOB, HOUR, 10))).hasSize(1);
    run(groups.ack(key, GROUP, ids("1-0")));
    assertThat(redrive(letter)).containsExactly(ABSENT);
    assertThat(pending()).isEmpty();
  }

  @Test
  void redrivenEntryThatIsGoneIsAddedAgainAndMarked() {
    createGroup();
    add("1-0", "2-0");
    readAndAcknowledge(GROUP, 2);
    run(streams.trim(key, TrimArgs.minId("2-0")));
    Fields original = Fields.builder().add("z", BINARY).add("a", "1").add("z", "").build();
    EntryId letter = letter(original.plus(story("1-0")));
    assertThat(redrive(letter)).containsExactly(ADDED);
    assertThat(standing(key)).hasSize(2);
    assertThat(newest().fields())
        .isEqualTo(original.plus(Fields.of("m-id", "1-0", "m-group", GROUP)));
    assertThat(readFresh(BOB, 10)).containsExactly(newest());
    assertThat(letters()).isEmpty();
    assertThat(redrive(letter)).containsExactly(ABSENT);
    assertThat(standing(key)).hasSize(2);
  }

  @Test
  void entryThatIsAddedAgainOnceMoreKeepsItsFirstMark() {
    createGroup();
    add("1-0");
    readAndAcknowledge(GROUP, 1);
    delete("1-0");
    assertThat(redrive(letter(marked("0-7").plus(story("1-0"))))).containsExactly(ADDED);
    assertThat(newest().fields()).isEqualTo(marked("0-7"));
  }

  @Test
  void onlyTheLastStoryIsTakenOffTheFields() {
    createGroup();
    add("1-0");
    readAndAcknowledge(GROUP, 1);
    delete("1-0");
    Fields givenUpBefore = fieldsOf("1-0").plus(story("9-9"));
    assertThat(redrive(letter(givenUpBefore.plus(story("1-0"))))).containsExactly(ADDED);
    assertThat(newest().fields())
        .isEqualTo(givenUpBefore.plus(Fields.of("m-id", "1-0", "m-group", GROUP)));
  }

  @Test
  void redriveStealsNothingThatIsPendingAlready() {
    createPending(ALICE, "1-0");
    assertThat(redrive(letter("1-0"))).containsExactly(PENDING);
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertThat(letters()).isEmpty();
  }

  @Test
  void redriveLeavesToTheNextReadWhatTheGroupHasNotRead() {
    createGroup();
    add("1-0", "1-9", "1-10");
    readAndAcknowledge(GROUP, 2);
    EntryId unread = letter("1-10");
    EntryId read = letter("1-9");
    assertThat(redrive(unread, read)).containsExactly(UNREAD, IN_PLACE);
    assertThat(pending()).containsExactly("1-9 millstream.released 0");
    assertThat(readFresh(BOB, 10)).containsExactly(entry("1-10"));
    assertThat(letters()).isEmpty();
  }

  @Test
  void deadLetterOfARowWhoseEntryIsGoneStaysUntilTheRowGoes() {
    createPending(ALICE, "1-0");
    delete("1-0");
    EntryId letter = letter("1-0");
    assertThat(redrive(letter)).containsExactly(HELD);
    assertThat(letters()).containsExactly(letter);
    assertThat(standing(key)).isEmpty();
    run(groups.ack(key, GROUP, ids("1-0")));
    assertThat(redrive(letter)).containsExactly(ADDED);
  }

  @Test
  void whatIsNoDeadLetterOfTheGroupStays() {
    createGroup();
    add("1-0");
    readAndAcknowledge(GROUP, 1);
    List<EntryId> foreign =
        List.of(
            letter(fieldsOf("1-0")),
            letter(Fields.of("s-stream", "elsewhere", "s-id", "1-0", "s-group", GROUP)),
            letter(Fields.of("s-stream", key, "s-id", "1-0", "s-group", OTHER)),
            letter(Fields.of("s-stream", key, "s-id", "soon", "s-group", GROUP)),
            letter(Fields.of("s-id", "1-0", "s-group", GROUP, "s-stream", key)));
    assertThat(redrive(foreign.toArray(new EntryId[0])))
        .hasSize(5)
        .allMatch(fate -> fate == FOREIGN);
    assertThat(letters()).isEqualTo(foreign);
    assertThat(pending()).isEmpty();
  }

  @Test
  void deadLetterWithoutFieldsOfItsEntryStaysIfThatIsGone() {
    createGroup();
    add("1-0", "2-0");
    readAndAcknowledge(GROUP, 2);
    delete("1-0");
    EntryId gone = letter(story("1-0"));
    EntryId stands = letter(story("2-0"));
    assertThat(redrive(gone, stands)).containsExactly(EMPTY, IN_PLACE);
    assertThat(letters()).containsExactly(gone);
  }

  @Test
  void dryRunOfARedriveChangesNothing() {
    createGroup();
    add("1-0", "2-0", "3-0");
    readAndAcknowledge(GROUP, 2);
    delete("1-0");
    EntryId[] all = {letter("1-0"), letter("2-0"), letter("3-0"), id("1-1")};
    for (int i = 0; i < 2; i++) {
      assertThat(redrive(true, all)).containsExactly(ADDED, IN_PLACE, UNREAD, ABSENT);
    }
    assertThat(letters()).hasSize(3);
    assertThat(standing(key)).isEqualTo(ids("2-0", "3-0"));
    assertThat(pending()).isEmpty();
  }

  @Test
  void redriveLeavesOtherGroupsAlone() {
    createGroup();
    run(groups.create(key, OTHER, CreateArgs.from("0")));
    add("1-0");
    readAndAcknowledge(GROUP, 1);
    readAndAcknowledge(OTHER, 1);
    assertThat(redrive(letter("1-0"))).containsExactly(IN_PLACE);
    assertThat(get(groups.pending(key, OTHER)).count()).isZero();
    assertThat(read(ReadArgs.fresh(key, OTHER, ALICE, 10, null))).isEmpty();
  }

  @Test
  void redriveWithoutStreamOrGroupIsNoGroupAndLeavesTheDeadLetter() {
    EntryId letter = letter("1-0");
    assertThat(errorOf(admin.redrive(redriving(false, letter))).code()).isEqualTo("NOGROUP");
    add("1-0");
    assertThat(errorOf(admin.redrive(redriving(false, letter))).code()).isEqualTo("NOGROUP");
    assertThat(letters()).containsExactly(letter);
  }

  @Test
  void hundredDeadLettersAreRedrivenInOneStep() {
    createGroup();
    String[] all = IntStream.rangeClosed(1, 100).mapToObj(i -> i + "-0").toArray(String[]::new);
    add(all);
    readAndAcknowledge(GROUP, 100);
    EntryId[] letters = Arrays.stream(all).map(this::letter).toArray(EntryId[]::new);
    assertThat(redrive(letters)).hasSize(100).allMatch(fate -> fate == IN_PLACE);
    assertThat(pending()).hasSize(100);
    assertThat(redrive()).isEmpty();
  }

  // trim

  private Trimmed trimTo(long length, String... ignored) {
    return get(admin.trim(new SafeTrim(key, length, null, List.of(ignored), false, 1_000)));
  }

  private Trimmed trimmed(long removed, long left, @Nullable String heldBackBy) {
    return new Trimmed(removed, left, false, heldBackBy);
  }

  private void createOther() {
    run(groups.create(key, OTHER, CreateArgs.from("0")));
  }

  @Test
  void safeTrimLeavesTheNewestIfEveryGroupIsDoneWithTheRest() {
    createGroup();
    createOther();
    add("1-0", "2-0", "3-0", "4-0");
    readAndAcknowledge(GROUP, 4);
    readAndAcknowledge(OTHER, 3);
    assertThat(trimTo(4)).isEqualTo(trimmed(0, 4, null));
    assertThat(trimTo(2)).isEqualTo(trimmed(2, 2, null));
    assertThat(standing(key)).isEqualTo(ids("3-0", "4-0"));
  }

  @Test
  void safeTrimKeepsWhatAGroupHasNotRead() {
    createGroup();
    createOther();
    add("1-0", "2-0", "3-0", "4-0");
    readAndAcknowledge(GROUP, 4);
    readAndAcknowledge(OTHER, 1);
    assertThat(trimTo(0)).isEqualTo(trimmed(1, 3, OTHER));
    assertThat(trimTo(0)).isEqualTo(trimmed(0, 3, OTHER));
    assertThat(standing(key)).isEqualTo(ids("2-0", "3-0", "4-0"));
  }

  @Test
  void safeTrimKeepsWhatIsPending() {
    createGroup();
    createOther();
    add("1-0", "2-0", "3-0");
    readAndAcknowledge(OTHER, 3);
    assertThat(readFresh(ALICE, 3)).hasSize(3);
    run(groups.ack(key, GROUP, ids("1-0", "3-0")));
    assertThat(trimTo(0)).isEqualTo(trimmed(1, 2, GROUP));
    run(groups.ack(key, GROUP, ids("2-0")));
    assertThat(trimTo(0)).isEqualTo(trimmed(2, 0, null));
  }

  @Test
  void safeTrimComparesIdsAsNumbers() {
    createGroup();
    createOther();
    String largest = "10-18446744073709551615";
    add("9-9", "10-9", "10-10", "10-9007199254740993", largest, "11-0");
    readAndAcknowledge(GROUP, 6);
    readAndAcknowledge(OTHER, 2);
    assertThat(trimTo(0)).isEqualTo(trimmed(2, 4, OTHER));
    readAndAcknowledge(OTHER, 2);
    assertThat(trimTo(0)).isEqualTo(trimmed(2, 2, OTHER));
    readAndAcknowledge(OTHER, 1);
    assertThat(trimTo(0)).isEqualTo(trimmed(1, 1, OTHER));
    assertThat(standing(key)).isEqualTo(ids("11-0"));
  }

  @Test
  void safeTrimAsksNoGroupThatIsIgnored() {
    createGroup();
    createOther();
    add("1-0", "2-0");
    readAndAcknowledge(GROUP, 1);
    assertThat(trimTo(0, OTHER)).isEqualTo(trimmed(1, 1, GROUP));
    assertThat(trimTo(0, OTHER, GROUP)).isEqualTo(trimmed(0, 1, null));
  }

  @Test
  void streamWithoutGroupsIsTrimmedOnlyIfThatIsAskedFor() {
    add("1-0", "2-0", "3-0");
    assertThat(trimTo(1)).isEqualTo(trimmed(0, 3, null));
    SafeTrim anyway = new SafeTrim(key, 1L, null, List.of(), true, 1_000);
    assertThat(get(admin.trim(anyway))).isEqualTo(trimmed(2, 1, null));
    createOther();
    assertThat(get(admin.trim(new SafeTrim(key, 0L, null, List.of(), true, 1_000))))
        .isEqualTo(trimmed(0, 1, OTHER));
  }

  @Test
  void safeTrimOfNoStreamDoesNothing() {
    assertThat(trimTo(0)).isEqualTo(trimmed(0, 0, null));
    createGroup();
    assertThat(trimTo(0)).isEqualTo(trimmed(0, 0, null));
  }

  @Test
  void safeTrimOfWhatIsNoStreamIsWrongType() {
    fixture.putString(key);
    assertThat(errorOf(admin.trim(new SafeTrim(key, 0L, null, List.of(), true, 1))).code())
        .isEqualTo("WRONGTYPE");
  }

  @Test
  void safeTrimRemovesNoMoreAtOnceThanItIsTold() {
    createGroup();
    add("1-0", "2-0", "3-0", "4-0", "5-0");
    readAndAcknowledge(GROUP, 5);
    SafeTrim inTwos = new SafeTrim(key, 1L, null, List.of(), false, 2);
    assertThat(get(admin.trim(inTwos))).isEqualTo(new Trimmed(2, 3, true, null));
    assertThat(get(admin.trim(inTwos))).isEqualTo(new Trimmed(2, 1, false, null));
    assertThat(get(admin.trim(inTwos))).isEqualTo(new Trimmed(0, 1, false, null));
  }

  @Test
  void safeTrimByAgeLeavesWhatIsYounger() {
    createGroup();
    add("1-0", "2-0");
    EntryId young = get(streams.add(key, fieldsOf("young")));
    readAndAcknowledge(GROUP, 3);
    SafeTrim byAge = new SafeTrim(key, null, HOUR, List.of(), false, 1_000);
    assertThat(get(admin.trim(byAge))).isEqualTo(trimmed(2, 1, null));
    assertThat(standing(key)).containsExactly(young);
  }

  @Test
  void safeTrimByAgeIsNotHeldBackByAGroupThatHasReadWhatIsOld() {
    createGroup();
    createOther();
    add("1-0", "2-0");
    run(streams.add(key, fieldsOf("young")));
    readAndAcknowledge(GROUP, 3);
    readAndAcknowledge(OTHER, 1);
    SafeTrim byAge = new SafeTrim(key, null, HOUR, List.of(), false, 1_000);
    assertThat(get(admin.trim(byAge))).isEqualTo(trimmed(1, 2, OTHER));
    readAndAcknowledge(OTHER, 1);
    assertThat(get(admin.trim(byAge))).isEqualTo(trimmed(1, 1, null));
  }

  // what is done with

  private AtomicSteps.Deleted done(String group, String... ids) {
    return get(steps.acknowledgeAndDelete(key, group, ids(ids)));
  }

  private static AtomicSteps.Deleted deleted(long acknowledged, long deleted) {
    return new AtomicSteps.Deleted(acknowledged, deleted);
  }

  @Test
  void whatTheLastGroupAcknowledgesIsDeleted() {
    createGroup();
    createOther();
    add("1-0", "2-0", "3-0");
    assertThat(readFresh(ALICE, 3)).hasSize(3);
    assertThat(done(GROUP, "1-0", "2-0")).isEqualTo(deleted(2, 0));
    assertThat(pending()).containsExactly("3-0 alice 1");
    assertThat(read(ReadArgs.fresh(key, OTHER, BOB, 2, null))).hasSize(2);
    assertThat(done(OTHER, "2-0")).isEqualTo(deleted(1, 1));
    assertThat(standing(key)).isEqualTo(ids("1-0", "3-0"));
    assertThat(done(OTHER, "1-0", "3-0")).isEqualTo(deleted(1, 1));
    assertThat(done(GROUP, "3-0")).isEqualTo(deleted(1, 0));
    assertThat(standing(key)).isEqualTo(ids("3-0"));
  }

  @Test
  void acknowledgingAndDeletingTwiceDoesWhatItDoesOnce() {
    createPending(ALICE, "1-0", "2-0");
    assertThat(done(GROUP, "1-0")).isEqualTo(deleted(1, 1));
    assertThat(done(GROUP, "1-0")).isEqualTo(deleted(0, 0));
    run(groups.ack(key, GROUP, ids("2-0")));
    assertThat(done(GROUP, "2-0")).isEqualTo(deleted(0, 1));
  }

  @Test
  void whatIsSettledIsDeletedWithoutAnAcknowledgementUnlessItIsPendingAgain() {
    createPending(ALICE, "1-0", "2-0");
    run(groups.ack(key, GROUP, ids("1-0")));
    assertThat(get(steps.deleteSettled(key, ids("1-0", "2-0")))).isEqualTo(deleted(0, 1));
    assertThat(standing(key)).isEqualTo(ids("2-0"));
    assertThat(pending()).containsExactly("2-0 alice 1");
  }

  @Test
  void whatAGroupHoldsAmongManyOthersIsNotDeleted() {
    createGroup();
    createOther();
    String[] all = IntStream.rangeClosed(1, 300).mapToObj(i -> i + "-0").toArray(String[]::new);
    add(all);
    readAndAcknowledge(GROUP, 300);
    assertThat(read(ReadArgs.fresh(key, OTHER, BOB, 300, null))).hasSize(300);
    run(groups.ack(key, OTHER, ids("1-0", "300-0")));
    assertThat(get(steps.deleteSettled(key, ids("1-0", "2-0", "299-0", "300-0"))))
        .isEqualTo(deleted(0, 2));
    assertThat(standing(key)).hasSize(298).doesNotContain(id("1-0"), id("300-0"));
  }

  @Test
  void nothingIsDeletedWhereNobodyReads() {
    assertThat(done(GROUP, "1-0")).isEqualTo(deleted(0, 0));
    add("1-0");
    assertThat(done(GROUP, "1-0")).isEqualTo(deleted(0, 0));
    assertThat(get(steps.deleteSettled(key, ids("1-0")))).isEqualTo(deleted(0, 0));
    assertThat(get(steps.deleteSettled(key, List.of()))).isEqualTo(deleted(0, 0));
    createGroup();
    assertThat(done(OTHER, "1-0")).isEqualTo(deleted(0, 0));
    assertThat(standing(key)).isEqualTo(ids("1-0"));
  }

  @Test
  void acknowledgingAndDeletingWhatIsNoStreamIsWrongType() {
    fixture.putString(key);
    assertThat(errorOf(steps.acknowledgeAndDelete(key, GROUP, ids("1-0"))).code())
        .isEqualTo("WRONGTYPE");
    assertThat(errorOf(steps.deleteSettled(key, ids("1-0"))).code()).isEqualTo("WRONGTYPE");
  }

  // consumers

  @Test
  void consumerThatIsIdleLongEnoughIsRemoved() {
    createGroup();
    run(groups.createConsumer(key, GROUP, ALICE));
    run(groups.createConsumer(key, GROUP, BOB));
    assertThat(get(admin.removeIdleConsumer(key, GROUP, ALICE, HOUR))).isFalse();
    assertThat(get(admin.removeIdleConsumer(key, GROUP, ALICE, Duration.ZERO))).isTrue();
    assertThat(consumers()).containsExactly(BOB);
    assertThat(get(admin.removeIdleConsumer(key, GROUP, ALICE, HOUR))).isTrue();
  }

  @Test
  void consumerWithPendingEntriesIsNotRemovedHoweverIdle() {
    createPending(ALICE, "1-0");
    assertThat(get(admin.removeIdleConsumer(key, GROUP, ALICE, Duration.ZERO))).isFalse();
    assertThat(pending()).containsExactly("1-0 alice 1");
  }

  @Test
  void removingAnIdleConsumerOfNoGroupIsNoGroup() {
    assertThat(errorOf(admin.removeIdleConsumer(key, GROUP, ALICE, HOUR)).code())
        .isEqualTo("NOGROUP");
    add("1-0");
    assertThat(errorOf(admin.removeIdleConsumer(key, GROUP, ALICE, HOUR)).code())
        .isEqualTo("NOGROUP");
  }
}
