package io.millstream.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.entry.Entry;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import io.millstream.testing.Capability;
import io.millstream.testing.Rule;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** XADD, XLEN, XRANGE, XREVRANGE, XDEL, XTRIM: rules 1 to 20. */
abstract class StreamContract extends EngineContract {
  private static final String FUTURE = "99999999999999";
  private static final String LAST_ID = "18446744073709551615-18446744073709551615";
  private static final String TOO_SMALL =
      "ERR The ID specified in XADD is equal or smaller than the target stream top item";
  private static final String INVALID_ID =
      "ERR Invalid stream ID specified as stream command argument";
  private static final Fields FIELDS = Fields.of("f", "v");

  StreamContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private Mono<EntryId> addAt(String id) {
    return streams.add(key, FIELDS, AddArgs.id(id));
  }

  private Mono<EntryId> addTrimming(TrimArgs trim) {
    return streams.add(key, FIELDS, new AddArgs("*", false, trim));
  }

  @Test
  @Rule(1)
  void automaticIdIsTheClockWithSequenceZero() {
    add("5-7");
    EntryId id = get(streams.add(key, FIELDS));
    assertThat(id.ms()).isGreaterThan(5);
    assertThat(id.seq()).isZero();
  }

  @Test
  @Rule(1)
  void automaticIdsNeverGoBackwards() {
    add(FUTURE + "-7");
    assertThat(get(streams.add(key, FIELDS))).isEqualTo(id(FUTURE + "-8"));
    assertThat(get(streams.add(key, FIELDS))).isEqualTo(id(FUTURE + "-9"));
  }

  @Test
  @Rule({1, 11})
  void automaticIdCarriesFromAFullSequence() {
    add("99999999999998-18446744073709551615");
    assertThat(get(streams.add(key, FIELDS))).isEqualTo(id("99999999999999-0"));
  }

  @Test
  @Rule(2)
  void lastIdSurvivesTheDeletionOfEverything() {
    add("5-0", "6-0");
    delete("5-0", "6-0");
    assertThat(error(addAt("6-0"))).isEqualTo(TOO_SMALL);
    assertThat(get(addAt("6-1"))).isEqualTo(id("6-1"));
  }

  @Test
  @Rule(2)
  void lastIdSurvivesTheTrimmingOfEverything() {
    add("5-0", "6-0");
    assertThat(get(streams.trim(key, TrimArgs.maxLength(0)))).isEqualTo(2);
    assertThat(error(addAt("5-5"))).isEqualTo(TOO_SMALL);
  }

  @Test
  @Rule(3)
  void idZeroIsRefused() {
    assertThat(error(addAt("0-0")))
        .isEqualTo("ERR The ID specified in XADD must be greater than 0-0");
  }

  @Test
  @Rule(4)
  void equalOrSmallerIdIsRefused() {
    add("5-5");
    assertThat(error(addAt("5-5"))).isEqualTo(TOO_SMALL);
    assertThat(error(addAt("5-4"))).isEqualTo(TOO_SMALL);
    assertThat(error(addAt("4"))).isEqualTo(TOO_SMALL);
    assertThat(standing(key)).isEqualTo(ids("5-5"));
  }

  @Test
  @Rule(5)
  void nothingCanBeAddedAfterTheLastPossibleId() {
    String exhausted =
        "ERR The stream has exhausted the last possible ID, unable to add more items";
    add(LAST_ID);
    assertThat(error(streams.add(key, FIELDS))).isEqualTo(exhausted);
    assertThat(error(addAt("5-5"))).isEqualTo(exhausted);
    assertThat(standing(key)).containsExactly(EntryId.MAX);
  }

  @Test
  @Rule(6)
  void addRefusesAMalformedId() {
    for (String id : List.of("abc", "5-abc", "", "-5", "5-", "18446744073709551616-0", "-", "+")) {
      assertThat(error(addAt(id))).as(id).isEqualTo(INVALID_ID);
    }
    assertThat(get(streams.length(key))).isZero();
  }

  @Test
  @Rule(7)
  void millisecondsAloneMeanSequenceZero() {
    assertThat(get(addAt("5"))).isEqualTo(id("5-0"));
  }

  @Test
  @Rule(7)
  void sequenceAloneMayBeAutomatic() {
    if (has(Capability.AUTO_SEQUENCE)) {
      assertThat(get(addAt("0-*"))).isEqualTo(id("0-1"));
      assertThat(get(addAt("5-*"))).isEqualTo(id("5-0"));
      assertThat(get(addAt("5-*"))).isEqualTo(id("5-1"));
      assertThat(error(addAt("4-*"))).isEqualTo(TOO_SMALL);
    } else {
      assertThat(error(addAt("5-*"))).isEqualTo(INVALID_ID);
    }
  }

  @Test
  @Rule(8)
  void entryWithoutFieldsIsRefused() {
    assertThat(error(streams.add(key, Fields.EMPTY)))
        .isEqualTo("ERR wrong number of arguments for 'xadd' command");
    assertThat(error(streams.info(key))).isEqualTo("ERR no such key");
  }

  @Test
  @Rule(8)
  void optionsAndIdAreCheckedBeforeTheFields() {
    AddArgs badId = new AddArgs("abc", true, TrimArgs.maxLength(5));
    assertThat(error(streams.add(key, Fields.EMPTY, badId))).isEqualTo(INVALID_ID);
    AddArgs badTrim = new AddArgs("*", true, TrimArgs.maxLength(-1));
    assertThat(error(streams.add(key, Fields.EMPTY, badTrim)))
        .isEqualTo("ERR The MAXLEN argument must be >= 0.");
  }

  @Test
  @Rule(9)
  void fieldsKeepTheirOrderTheirDuplicatesAndTheirBytes() {
    byte[] binary = {0, (byte) 0xff, '\r', '\n', (byte) 0xc3, 0x28};
    Fields fields =
        Fields.builder()
            .add("z", "1")
            .add("a", "2")
            .add("z", "1")
            .add("z", "3")
            .add("", "")
            .add(binary, binary)
            .add("ü", "日本".getBytes(UTF_8))
            .build();
    EntryId id = get(streams.add(key, fields));
    assertThat(get(streams.range(key, "-", "+", null))).containsExactly(new Entry(id, fields));
    createGroup();
    assertThat(readFresh(ALICE, 10)).containsExactly(new Entry(id, fields));
  }

  @Test
  void largeValuesAndManyFieldsComeBackWhole() {
    Fields.Builder builder = Fields.builder().add("large", new byte[1 << 20]);
    for (int i = 0; i < 500; i++) {
      builder.add("field" + i, "value" + i);
    }
    EntryId id = get(streams.add(key, builder.build()));
    assertThat(get(streams.range(key, "-", "+", null)))
        .containsExactly(new Entry(id, builder.build()));
  }

  @Test
  @Rule(10)
  void noMkStreamAnswersNilWhereThereIsNoKeyAndCreatesNone() {
    AddArgs noMkStream = new AddArgs("5-0", true, null);
    assertNil(streams.add(key, FIELDS, noMkStream));
    assertThat(error(streams.info(key))).isEqualTo("ERR no such key");
    add("1-0");
    assertThat(get(streams.add(key, FIELDS, noMkStream))).isEqualTo(id("5-0"));
  }

  @Test
  @Rule(11)
  void idsAreTwoUnsignedNumbers() {
    add("9223372036854775807-9223372036854775808", "9223372036854775808-1", LAST_ID);
    assertThat(standing(key))
        .isEqualTo(
            ids("9223372036854775807-9223372036854775808", "9223372036854775808-1", LAST_ID));
    assertThat(idsOf(get(streams.range(key, "9223372036854775808", "+", 1L))))
        .isEqualTo(ids("9223372036854775808-1"));
  }

  @Test
  @Rule(12)
  void streamWithoutEntriesPersists() {
    add("5-0");
    delete("5-0");
    assertThat(get(streams.length(key))).isZero();
    assertThat(get(streams.info(key)).lastGeneratedId()).isEqualTo(id("5-0"));
  }

  @Test
  @Rule(13)
  void negativeMaximalLengthIsRefused() {
    String negative = "ERR The MAXLEN argument must be >= 0.";
    add("1-0");
    assertThat(error(streams.trim(key, TrimArgs.maxLength(-1)))).isEqualTo(negative);
    assertThat(error(addTrimming(TrimArgs.maxLength(-1)))).isEqualTo(negative);
    assertThat(standing(key)).isEqualTo(ids("1-0"));
  }

  @Test
  @Rule(14)
  void limitNeedsApproximateTrimming() {
    String refused = "ERR syntax error, LIMIT cannot be used without the special ~ option";
    TrimArgs exact = new TrimArgs(TrimArgs.Strategy.MAXLEN, "5", false, 3L);
    add("1-0");
    assertThat(error(streams.trim(key, exact))).isEqualTo(refused);
    assertThat(error(addTrimming(exact))).isEqualTo(refused);
  }

  @Test
  @Rule(14)
  void negativeLimitIsRefused() {
    add("1-0");
    assertThat(error(streams.trim(key, new TrimArgs(TrimArgs.Strategy.MAXLEN, "0", true, -1L))))
        .isEqualTo("ERR The LIMIT argument must be >= 0.");
  }

  @Test
  @Rule(6)
  void malformedMinimalIdIsRefused() {
    add("1-0");
    assertThat(error(streams.trim(key, TrimArgs.minId("abc")))).isEqualTo(INVALID_ID);
  }

  @Test
  void exactTrimmingLeavesTheNewest() {
    add("1-0", "2-0", "3-0", "4-0");
    assertThat(get(streams.trim(key, TrimArgs.maxLength(9)))).isZero();
    assertThat(get(streams.trim(key, TrimArgs.maxLength(3)))).isEqualTo(1);
    assertThat(get(streams.trim(key, TrimArgs.minId("3")))).isEqualTo(1);
    assertThat(standing(key)).isEqualTo(ids("3-0", "4-0"));
    assertThat(get(streams.trim(fixture.key(), TrimArgs.maxLength(0)))).isZero();
  }

  @Test
  void addTrimsAfterItHasAdded() {
    add("1-0", "2-0", "3-0");
    run(streams.add(key, FIELDS, new AddArgs("4-0", false, TrimArgs.maxLength(2))));
    assertThat(standing(key)).isEqualTo(ids("3-0", "4-0"));
    run(streams.add(key, FIELDS, new AddArgs("5-0", false, TrimArgs.minId("4-0"))));
    assertThat(standing(key)).isEqualTo(ids("4-0", "5-0"));
    run(streams.add(key, FIELDS, new AddArgs("6-0", false, TrimArgs.maxLength(0))));
    assertThat(standing(key)).isEmpty();
    assertThat(get(streams.info(key)).lastGeneratedId()).isEqualTo(id("6-0"));
  }

  private void addMany(int count) {
    Flux.range(1, count)
        .concatMap(i -> streams.add(key, FIELDS, AddArgs.id(i + "-0")))
        .blockLast(PATIENCE);
  }

  @Test
  @Rule(16)
  void approximateTrimmingDropsWholeNodesOfAHundred() {
    addMany(250);
    assertThat(get(streams.trim(key, TrimArgs.maxLengthAbout(149)))).isEqualTo(100);
    assertThat(get(streams.trim(key, TrimArgs.maxLengthAbout(51)))).isZero();
    assertThat(get(streams.trim(key, TrimArgs.maxLengthAbout(50)))).isEqualTo(100);
    assertThat(get(streams.length(key))).isEqualTo(50);
  }

  @Test
  @Rule(16)
  void tombstonesCountForTheSizeOfANode() {
    addMany(150);
    delete("1-0", "2-0", "3-0");
    assertThat(get(streams.trim(key, TrimArgs.maxLengthAbout(50)))).isEqualTo(97);
    assertThat(standing(key).get(0)).isEqualTo(id("101-0"));
  }

  @Test
  @Rule(16)
  void approximateTrimmingByIdDropsWholeNodesToo() {
    addMany(250);
    TrimArgs about = new TrimArgs(TrimArgs.Strategy.MINID, "150", true, null);
    assertThat(get(streams.trim(key, about))).isEqualTo(100);
    assertThat(standing(key).get(0)).isEqualTo(id("101-0"));
  }

  @Test
  @Rule(17)
  void limitBoundsApproximateTrimming() {
    addMany(350);
    TrimArgs limited = new TrimArgs(TrimArgs.Strategy.MAXLEN, "0", true, 250L);
    assertThat(get(streams.trim(key, limited))).isEqualTo(200);
  }

  @Test
  @Rule(17)
  void implicitLimitIsAHundredNodesAndLimitZeroIsNone() {
    addMany(10_300);
    assertThat(get(streams.trim(key, TrimArgs.maxLengthAbout(0)))).isEqualTo(10_000);
    TrimArgs unlimited = new TrimArgs(TrimArgs.Strategy.MAXLEN, "0", true, 0L);
    assertThat(get(streams.trim(key, unlimited))).isEqualTo(300);
  }

  @Test
  @Rule(18)
  void deletionMovesTheMaximalDeletedIdAndTrimmingDoesNot() {
    add("1-0", "2-0", "3-0", "4-0");
    delete("2-0");
    run(streams.trim(key, TrimArgs.maxLength(1)));
    @Nullable EntryId maxDeleted = has(Capability.LAG) ? id("2-0") : null;
    assertThat(get(streams.info(key)).maxDeletedId()).isEqualTo(maxDeleted);
    assertThat(standing(key)).isEqualTo(ids("4-0"));
  }

  @Test
  void deletionCountsWhatWasThere() {
    add("1-0", "2-0");
    assertThat(get(streams.delete(key, ids("2-0", "2-0", "9-0")))).isEqualTo(1);
    assertThat(get(streams.delete(fixture.key(), ids("1-0")))).isZero();
    assertThat(standing(key)).isEqualTo(ids("1-0"));
    assertThat(get(streams.length(key))).isEqualTo(1);
    assertThat(get(streams.length(fixture.key()))).isZero();
  }

  @Test
  @Rule(19)
  void rangeWithoutACountOfOneOrMoreIsNil() {
    add("1-0");
    assertNil(streams.range(key, "-", "+", 0L));
    assertNil(streams.range(key, "-", "+", -1L));
    assertNil(streams.reverseRange(key, "+", "-", 0L));
  }

  @Test
  @Rule(19)
  void rangeOfAMissingKeyIsEmpty() {
    assertThat(get(streams.range(key, "-", "+", null))).isEmpty();
    assertThat(get(streams.range(key, "-", "+", 0L))).isEmpty();
    assertThat(get(streams.reverseRange(key, "+", "-", null))).isEmpty();
  }

  @Test
  void rangeIsInclusiveUnlessABoundSaysOtherwise() {
    add("1-0", "1-1", "2-0", "3-0");
    assertThat(get(streams.range(key, "1-1", "3-0", null))).isEqualTo(entries("1-1", "2-0", "3-0"));
    assertThat(get(streams.range(key, "(1-1", "(3-0", null))).isEqualTo(entries("2-0"));
    assertThat(get(streams.range(key, "1", "1", null))).isEqualTo(entries("1-0", "1-1"));
    assertThat(get(streams.range(key, "-", "+", 2L))).isEqualTo(entries("1-0", "1-1"));
    assertThat(get(streams.range(key, "3-0", "1-0", null))).isEmpty();
  }

  @Test
  void reverseRangeGoesDownwards() {
    add("1-0", "1-1", "2-0", "3-0");
    assertThat(get(streams.reverseRange(key, "+", "-", 2L))).isEqualTo(entries("3-0", "2-0"));
    assertThat(get(streams.reverseRange(key, "(3-0", "1-1", null)))
        .isEqualTo(entries("2-0", "1-1"));
    assertThat(get(streams.reverseRange(key, "1", "1", null))).isEqualTo(entries("1-1", "1-0"));
  }

  @Test
  @Rule(20)
  void exclusiveBoundThatOverflowsIsRefused() {
    add("1-0");
    String start = "ERR invalid start ID for the interval";
    String end = "ERR invalid end ID for the interval";
    assertThat(error(streams.range(key, "(" + LAST_ID, "+", null))).isEqualTo(start);
    assertThat(error(streams.range(key, "-", "(0-0", null))).isEqualTo(end);
    assertThat(error(streams.reverseRange(key, "(0-0", "-", null))).isEqualTo(end);
    assertThat(error(streams.reverseRange(key, "+", "(" + LAST_ID, null))).isEqualTo(start);
  }

  @Test
  @Rule(6)
  void rangeRefusesAMalformedBound() {
    add("1-0");
    assertThat(error(streams.range(key, "abc", "+", null))).isEqualTo(INVALID_ID);
    assertThat(error(streams.range(key, "-", "abc", null))).isEqualTo(INVALID_ID);
    assertThat(error(streams.reverseRange(key, "abc", "-", null))).isEqualTo(INVALID_ID);
  }

  @Test
  @Rule(71)
  void streamCommandsRefuseAKeyOfAnotherType() {
    fixture.putString(key);
    List<Mono<?>> calls =
        List.of(
            streams.add(key, FIELDS),
            streams.length(key),
            streams.range(key, "-", "+", null),
            streams.reverseRange(key, "+", "-", null),
            streams.delete(key, ids("1-0")),
            streams.trim(key, TrimArgs.maxLength(1)),
            streams.info(key));
    for (Mono<?> call : calls) {
      RedisException error = errorOf(call);
      assertThat(error.code()).isEqualTo("WRONGTYPE");
      assertThat(error)
          .hasMessage("WRONGTYPE Operation against a key holding the wrong kind of value");
    }
  }
}
