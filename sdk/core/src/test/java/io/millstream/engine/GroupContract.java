package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millstream.entry.EntryId;
import io.millstream.testing.Capability;
import io.millstream.testing.Rule;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** XGROUP: rules 21 to 27. */
abstract class GroupContract extends EngineContract {
  private static final String NO_KEY =
      "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to"
          + " use the MKSTREAM option to create an empty stream automatically.";
  private static final String INVALID_ID =
      "ERR Invalid stream ID specified as stream command argument";

  GroupContract(Supplier<EngineFixture> fixtures) {
    super(fixtures);
  }

  private String noGroup(String group) {
    return "NOGROUP No such consumer group '" + group + "' for key name '" + key + "'";
  }

  private Mono<Void> create(String group, String start) {
    return groups.create(key, group, CreateArgs.from(start));
  }

  @Test
  @Rule(21)
  void everyXgroupCommandRefusesAMissingKey() {
    List<Mono<?>> calls =
        List.of(
            groups.create(key, GROUP, new CreateArgs("0", false, null)),
            groups.destroy(key, GROUP),
            groups.setId(key, GROUP, "0", null),
            groups.createConsumer(key, GROUP, ALICE),
            groups.deleteConsumer(key, GROUP, ALICE));
    for (Mono<?> call : calls) {
      assertThat(error(call)).isEqualTo(NO_KEY);
    }
    assertThat(error(streams.info(key))).isEqualTo("ERR no such key");
  }

  @Test
  void creationWithMkStreamCreatesAnEmptyStream() {
    createGroup();
    assertThat(get(streams.length(key))).isZero();
    assertThat(get(streams.info(key)).groups()).isEqualTo(1);
    assertThat(group().lastDeliveredId()).isEqualTo(EntryId.MIN);
  }

  @Test
  @Rule(22)
  void groupIsCreatedOnce() {
    createGroup();
    assertThat(error(create(GROUP, "0"))).isEqualTo("BUSYGROUP Consumer Group name already exists");
    assertThat(errorOf(create(GROUP, "0")).is("BUSYGROUP")).isTrue();
  }

  @Test
  void groupStartsWhereItIsTold() {
    add("1-0", "2-0", "3-0");
    run(create("beginning", "0"));
    run(create("end", "$"));
    run(create("middle", "2"));
    run(create("beyond", "9-9"));
    assertThat(get(groups.infoGroups(key)))
        .extracting(GroupInfo::name, row -> row.lastDeliveredId().toString())
        .containsExactlyInAnyOrder(
            tuple("beginning", "0-0"),
            tuple("end", "3-0"),
            tuple("middle", "2-0"),
            tuple("beyond", "9-9"));
  }

  @Test
  void endOfAnEmptyStreamIsItsLastIdAndNotZero() {
    add("5-0");
    delete("5-0");
    run(create(GROUP, "$"));
    assertThat(group().lastDeliveredId()).isEqualTo(id("5-0"));
  }

  @Test
  void entriesReadIsTakenFromTheCaller() {
    add("1-0", "2-0", "3-0");
    Mono<Void> create = groups.create(key, GROUP, new CreateArgs("1-0", false, 1L));
    if (has(Capability.LAG)) {
      run(create);
      assertThat(group().entriesRead()).isEqualTo(1);
      assertThat(group().lag()).isEqualTo(2);
      assertThat(error(groups.create(key, "other", new CreateArgs("0", false, -2L))))
          .isEqualTo("ERR value for ENTRIESREAD must be positive or -1");
    } else {
      assertThat(errorOf(create).is("ERR")).isTrue();
    }
  }

  @Test
  @Rule(23)
  void commandsOnAMissingGroupFailWithNogroup() {
    add("1-0");
    assertThat(error(groups.setId(key, "none", "0", null))).isEqualTo(noGroup("none"));
    assertThat(error(groups.createConsumer(key, "none", ALICE))).isEqualTo(noGroup("none"));
    assertThat(error(groups.deleteConsumer(key, "none", ALICE))).isEqualTo(noGroup("none"));
  }

  @Test
  @Rule(24)
  void destructionTellsWhetherThereWasAGroup() {
    createPending(ALICE, "1-0");
    assertThat(get(groups.destroy(key, "none"))).isFalse();
    assertThat(get(groups.destroy(key, GROUP))).isTrue();
    assertThat(get(groups.destroy(key, GROUP))).isFalse();
    assertThat(get(groups.infoGroups(key))).isEmpty();
    createGroup();
    assertThat(pending()).isEmpty();
  }

  @Test
  @Rule(24)
  void consumerIsCreatedOnce() {
    createGroup();
    assertThat(get(groups.createConsumer(key, GROUP, ALICE))).isTrue();
    assertThat(get(groups.createConsumer(key, GROUP, ALICE))).isFalse();
    assertThat(consumers()).containsExactly(ALICE);
  }

  @Test
  @Rule(25)
  void deletionOfAConsumerDropsItsPendingEntriesForGood() {
    createPending(ALICE, "1-0", "2-0");
    add("3-0");
    assertThat(readFresh(BOB, 1)).hasSize(1);
    assertThat(get(groups.deleteConsumer(key, GROUP, ALICE))).isEqualTo(2);
    assertThat(pending()).containsExactly("3-0 bob 1");
    assertThat(readFresh(BOB, 10)).isEmpty();
    assertThat(consumers()).containsExactly(BOB);
  }

  @Test
  @Rule(25)
  void deletionOfAnUnknownConsumerIsZero() {
    createGroup();
    assertThat(get(groups.deleteConsumer(key, GROUP, "nobody"))).isZero();
  }

  @Test
  @Rule(26)
  void creationRefusesTheSpecialIdsThatSetIdTakes() {
    createGroup();
    for (String start : List.of("-", "+", "abc")) {
      assertThat(error(create("other", start))).as(start).isEqualTo(INVALID_ID);
    }
    run(groups.setId(key, GROUP, "+", null));
    assertThat(group().lastDeliveredId()).isEqualTo(EntryId.MAX);
    run(groups.setId(key, GROUP, "-", null));
    assertThat(group().lastDeliveredId()).isEqualTo(EntryId.MIN);
    assertThat(error(groups.setId(key, GROUP, "abc", null))).isEqualTo(INVALID_ID);
  }

  @Test
  void setIdMovesTheGroupBackAndForth() {
    createGroup();
    add("1-0", "2-0", "3-0");
    run(groups.setId(key, GROUP, "$", null));
    assertThat(readFresh(ALICE, 10)).isEmpty();
    run(groups.setId(key, GROUP, "1", null));
    assertThat(readFresh(ALICE, 10)).isEqualTo(entries("2-0", "3-0"));
  }

  @Test
  @Rule(27)
  void setIdForgetsEntriesReadUnlessItIsTold() {
    createPending(ALICE, "1-0", "2-0");
    assertThat(group().entriesRead()).isEqualTo(has(Capability.LAG) ? 2L : null);
    run(groups.setId(key, GROUP, "1-0", null));
    assertThat(group().entriesRead()).isNull();
    Mono<Void> told = groups.setId(key, GROUP, "1-0", 1L);
    if (has(Capability.LAG)) {
      run(told);
      assertThat(group().entriesRead()).isEqualTo(1);
    } else {
      assertThat(errorOf(told).is("ERR")).isTrue();
    }
  }

  @Test
  void groupsOfAStreamDoNotKnowEachOther() {
    createPending(ALICE, "1-0");
    run(create("other", "0"));
    assertThat(read(ReadArgs.fresh(key, "other", BOB, 10, null))).isEqualTo(entries("1-0"));
    assertThat(get(groups.ack(key, "other", ids("1-0")))).isEqualTo(1);
    assertThat(pending()).containsExactly("1-0 alice 1");
    assertThat(consumers()).containsExactly(ALICE);
  }

  @Test
  void namesMayBeAnyText() {
    String group = "größe: {x} \"y\" \r\n";
    String consumer = "消費者 1";
    run(groups.create(key, group, CreateArgs.from("0")));
    add("1-0");
    assertThat(read(ReadArgs.fresh(key, group, consumer, 10, null))).hasSize(1);
    assertThat(get(groups.infoGroups(key))).extracting(GroupInfo::name).containsExactly(group);
    assertThat(get(groups.pending(key, group)).byConsumer()).containsOnlyKeys(consumer);
    assertThat(get(groups.infoConsumers(key, group)))
        .extracting(ConsumerInfo::name)
        .containsExactly(consumer);
  }

  @Test
  @Rule(71)
  void xgroupCommandsRefuseAKeyOfAnotherType() {
    fixture.putString(key);
    List<Mono<?>> calls =
        List.of(
            create(GROUP, "0"),
            groups.destroy(key, GROUP),
            groups.setId(key, GROUP, "0", null),
            groups.createConsumer(key, GROUP, ALICE),
            groups.deleteConsumer(key, GROUP, ALICE));
    for (Mono<?> call : calls) {
      assertThat(errorOf(call).code()).isEqualTo("WRONGTYPE");
    }
  }
}
