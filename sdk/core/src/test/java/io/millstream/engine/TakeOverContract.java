package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millstream.engine.AtomicSteps.Held;
import io.millstream.engine.AtomicSteps.Release;
import io.millstream.engine.AtomicSteps.TakenOver;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** takeOver and takeReleased, as {@link AtomicSteps} describes them. */
abstract class TakeOverContract extends EngineContract {
  private static final String RELEASED = AtomicSteps.RELEASED;
  private static final Instant NEVER = Instant.MAX;

  TakeOverContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private static Held held(String id, long count) {
    return new Held(id(id), count);
  }

  private TakenOver takeOver(String consumer, EntryId cursor, int count, Instant notAfter) {
    return get(steps.takeOver(key, GROUP, consumer, HOUR.dividedBy(2), cursor, count, notAfter));
  }

  private TakenOver takeOver(String consumer) {
    return takeOver(consumer, EntryId.MIN, 100, NEVER);
  }

  private List<Held> takeReleased(String consumer, Duration minIdle, int count) {
    return get(steps.takeReleased(key, GROUP, consumer, minIdle, count));
  }

  private void release(String id, long newCount, Duration idle) {
    run(steps.release(key, GROUP, ALICE, List.of(new Release(id(id), 1, newCount, idle))));
  }

  private void setCount(String consumer, String id, long count) {
    run(groups.claimJustId(key, GROUP, consumer, NOW, ids(id), ClaimArgs.retryCount(count)));
  }

  // takeOver

  @Test
  void takeOverTakesWhatIsIdleFromAnyoneAndKeepsTheCounts() {
    createPending(ALICE, "1-0", "2-0", "3-0", "4-0");
    setCount(ALICE, "1-0", 7);
    setCount(BOB, "2-0", 0);
    age(ALICE, "1-0", "4-0");
    age(BOB, "2-0");
    TakenOver page = takeOver(BOB);
    assertThat(page.taken()).containsExactly(held("1-0", 7), held("2-0", 0), held("4-0", 1));
    assertThat(page.cursor()).isEqualTo(EntryId.MIN);
    assertThat(page.refused()).isFalse();
    assertThat(page.complete()).isTrue();
    assertThat(pending()).containsExactly("1-0 bob 7", "2-0 bob 0", "3-0 alice 1", "4-0 bob 1");
    assertNotAged("1-0", "2-0", "4-0");
  }

  @Test
  void takeOverGoesOnWhereItsCursorSays() {
    createPending(ALICE, "1-0", "2-0", "3-0", "4-0", "5-0");
    age(ALICE, "1-0", "2-0", "3-0", "4-0", "5-0");
    TakenOver first = takeOver(BOB, EntryId.MIN, 2, NEVER);
    assertThat(first.taken()).containsExactly(held("1-0", 1), held("2-0", 1));
    assertThat(first.cursor()).isEqualTo(id("3-0"));
    assertThat(first.complete()).isFalse();
    TakenOver rest = takeOver(BOB, first.cursor(), 100, NEVER);
    assertThat(rest.taken()).containsExactly(held("3-0", 1), held("4-0", 1), held("5-0", 1));
    assertThat(rest.complete()).isTrue();
  }

  @Test
  void takeOverTwiceTakesOnce() {
    createPending(ALICE, "1-0");
    age(ALICE, "1-0");
    assertThat(takeOver(BOB).taken()).containsExactly(held("1-0", 1));
    assertThat(takeOver(BOB).taken()).isEmpty();
    assertThat(takeOver(ALICE).taken()).isEmpty();
    assertThat(pending()).containsExactly("1-0 bob 1");
  }

  @Test
  void takeOverDoesNothingAfterItsFence() {
    createPending(ALICE, "1-0");
    age(ALICE, "1-0");
    Instant time = takeOver(BOB, id("9-0"), 10, Instant.EPOCH).serverTime();
    TakenOver late = takeOver(BOB, id("1-0"), 10, time.minusMillis(1));
    assertThat(late.refused()).isTrue();
    assertThat(late.complete()).isFalse();
    assertThat(late.taken()).isEmpty();
    assertThat(late.cursor()).isEqualTo(id("1-0"));
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertAged("1-0");
    assertThat(consumers()).containsExactly(ALICE);
    assertThat(takeOver(BOB, EntryId.MIN, 10, time.plus(HOUR)).taken())
        .containsExactly(held("1-0", 1));
  }

  @Test
  void takeOverTellsTheServersTimeEvenWhereThereIsNoStream() {
    Instant first = takeOver(ALICE, id("7-0"), 1, Instant.EPOCH).serverTime();
    TakenOver second = takeOver(ALICE, id("7-0"), 1, Instant.EPOCH);
    assertThat(second.refused()).isTrue();
    assertThat(second.cursor()).isEqualTo(id("7-0"));
    assertThat(second.serverTime()).isAfterOrEqualTo(first);
    assertThat(first).isBetween(Instant.now().minus(HOUR), Instant.now().plus(HOUR));
  }

  @Test
  void takeOverRemovesTheRowsOfDeletedEntriesAndLeavesThemOut() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    age(ALICE, "1-0", "2-0", "3-0");
    delete("1-0", "3-0");
    assertThat(takeOver(BOB).taken()).containsExactly(held("2-0", 1));
    assertThat(pending()).containsExactly("2-0 bob 1");
  }

  @Test
  void takeOverFindsTheCountsBetweenManyRowsOfItsOwn() {
    createGroup();
    Flux.range(1, 400)
        .concatMap(i -> streams.add(key, fieldsOf(i + "-0"), AddArgs.id(i + "-0")))
        .blockLast(PATIENCE);
    assertThat(readFresh(BOB, 400)).hasSize(400);
    List<Held> expected = new ArrayList<>();
    for (int i = 1; i <= 400; i += 57) {
      setCount(ALICE, i + "-0", i);
      age(ALICE, i + "-0");
      expected.add(held(i + "-0", i));
    }
    // a page looks at ten rows for each that it may take
    assertThat(takeOver(BOB).taken()).isEqualTo(expected);
  }

  @Test
  void takeOverOfAFullPageTakesAHundred() {
    createGroup();
    Flux.range(1, 101)
        .concatMap(i -> streams.add(key, fieldsOf(i + "-0"), AddArgs.id(i + "-0")))
        .blockLast(PATIENCE);
    List<EntryId> all = idsOf(readFresh(ALICE, 101));
    age(ALICE, all.stream().map(EntryId::toString).toArray(String[]::new));
    TakenOver page = takeOver(BOB);
    assertThat(page.taken()).extracting(Held::id).isEqualTo(all.subList(0, 100));
    assertThat(page.taken()).extracting(Held::count).containsOnly(1L);
    assertThat(page.cursor()).isEqualTo(id("101-0"));
  }

  // takeReleased

  @Test
  void takeReleasedTakesOnlyWhatIsReleasedOldestFirst() {
    createPending(ALICE, "1-0", "2-0", "3-0", "4-0");
    age(ALICE, "1-0", "4-0");
    release("2-0", 0, HOUR);
    release("3-0", 5, HOUR.multipliedBy(2));
    assertThat(takeReleased(BOB, HOUR, 100)).containsExactly(held("2-0", 0), held("3-0", 5));
    assertThat(pending()).containsExactly("1-0 alice 1", "2-0 bob 0", "3-0 bob 5", "4-0 alice 1");
    assertNotAged("2-0", "3-0");
    assertThat(takeReleased(BOB, HOUR, 100)).isEmpty();
  }

  @Test
  void takeReleasedLeavesWhatIsNotIdleForLongEnough() {
    createPending(ALICE, "1-0", "2-0");
    release("1-0", 1, Duration.ZERO);
    release("2-0", 1, HOUR);
    assertThat(takeReleased(BOB, HOUR, 1)).containsExactly(held("2-0", 1));
    assertThat(pending()).containsExactly("1-0 " + RELEASED + " 1", "2-0 bob 1");
    assertThat(takeReleased(BOB, Duration.ZERO, 1)).containsExactly(held("1-0", 1));
  }

  @Test
  void takeReleasedTakesAtMostItsCount() {
    createPending(ALICE, "1-0", "2-0", "3-0");
    List.of("3-0", "1-0", "2-0").forEach(id -> release(id, 1, HOUR));
    assertThat(takeReleased(BOB, HOUR, 2)).containsExactly(held("1-0", 1), held("2-0", 1));
    assertThat(takeReleased(BOB, HOUR, 2)).containsExactly(held("3-0", 1));
  }

  @Test
  void takeReleasedRemovesTheRowsOfDeletedEntriesAndLeavesThemOut() {
    createPending(ALICE, "1-0", "2-0");
    release("1-0", 1, HOUR);
    release("2-0", 1, HOUR);
    delete("1-0");
    assertThat(takeReleased(BOB, HOUR, 100)).containsExactly(held("2-0", 1));
    assertThat(pending()).containsExactly("2-0 bob 1");
  }

  @Test
  void takeReleasedOfNothingAnswersNothingAndCreatesNoConsumer() {
    createPending(ALICE, "1-0");
    age(ALICE, "1-0");
    assertThat(takeReleased(BOB, HOUR, 100)).isEmpty();
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertThat(consumers()).containsExactly(ALICE);
  }

  // both

  private List<Mono<?>> bothSteps() {
    return List.of(
        steps.takeOver(key, GROUP, ALICE, HOUR, EntryId.MIN, 10, NEVER),
        steps.takeReleased(key, GROUP, ALICE, HOUR, 10));
  }

  @Test
  void takingFailsWithNogroupWhereTheStreamOrTheGroupIsGone() {
    bothSteps().forEach(step -> assertThat(errorOf(step).code()).isEqualTo("NOGROUP"));
    add("1-0");
    bothSteps().forEach(step -> assertThat(errorOf(step).code()).isEqualTo("NOGROUP"));
    createGroup();
    run(groups.destroy(key, GROUP));
    bothSteps().forEach(step -> assertThat(errorOf(step).code()).isEqualTo("NOGROUP"));
  }

  @Test
  void takingRefusesAKeyOfAnotherType() {
    fixture.putString(key);
    bothSteps().forEach(step -> assertThat(errorOf(step).code()).isEqualTo("WRONGTYPE"));
  }

  @Test
  void takingRefusesACountThatIsOutOfBounds() {
    for (int count : new int[] {-1, 0, 101}) {
      String clear = "count: " + count + ", expected 1 to 100";
      assertThatIllegalArgumentException()
          .isThrownBy(() -> steps.takeReleased(key, GROUP, ALICE, HOUR, count))
          .withMessage(clear);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> steps.takeOver(key, GROUP, ALICE, HOUR, EntryId.MIN, count, NEVER))
          .withMessage(clear);
    }
  }
}
