package io.millstream.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.CreateArgs;
import io.millstream.engine.TrimArgs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lag and entries-read as Redis 8.0 reckons them. */
class LagTest extends VirtualTimeTest {
  private void assertLag(@Nullable Long entriesRead, @Nullable Long lag) {
    assertThat(group().entriesRead()).as("entries read").isEqualTo(entriesRead);
    assertThat(group().lag()).as("lag").isEqualTo(lag);
  }

  @Test
  void isZeroWhereNothingWasEverAdded() {
    createGroup();
    assertLag(null, 0L);
  }

  @Test
  void isTheLengthBeforeTheFirstRead() {
    createGroup();
    add("1-0", "2-0", "3-0");
    assertLag(null, 3L);
  }

  @Test
  void fallsWithWhatIsRead() {
    createGroup();
    add("1-0", "2-0", "3-0");
    readNow(ALICE, 2);
    assertLag(2L, 1L);
    add("4-0");
    assertLag(2L, 2L);
  }

  @Test
  void isZeroForAGroupThatStartsAtTheEnd() {
    add("1-0", "2-0");
    run(groups.create(KEY, GROUP, CreateArgs.from("$")));
    assertLag(null, 0L);
  }

  @Test
  void isUnknownForAGroupThatStartsInTheMiddle() {
    add("1-0", "2-0", "3-0");
    run(groups.create(KEY, GROUP, CreateArgs.from("2-0")));
    assertLag(null, null);
    readNow(ALICE, 1);
    assertLag(3L, 0L);
  }

  @Test
  void isUnknownWhileSomethingAheadWasDeleted() {
    createGroup();
    add("1-0", "2-0", "3-0", "4-0");
    readNow(ALICE, 1);
    run(streams.delete(KEY, ids("3-0")));
    assertLag(1L, null);
    readNow(ALICE, 10);
    assertLag(4L, 0L);
  }

  @Test
  void doesNotMindWhatWasDeletedBehind() {
    createGroup();
    add("1-0", "2-0", "3-0");
    readNow(ALICE, 2);
    run(streams.delete(KEY, ids("1-0")));
    assertLag(2L, 1L);
  }

  @Test
  void doesNotCountWhatWasTrimmedUnread() {
    createGroup();
    add("1-0", "2-0", "3-0", "4-0");
    readNow(ALICE, 1);
    run(streams.trim(KEY, TrimArgs.maxLength(2)));
    assertLag(1L, 2L);
    readNow(ALICE, 1);
    assertLag(3L, 1L);
  }

  @Test
  void isZeroOnceTheStreamIsEmpty() {
    createGroup();
    add("1-0", "2-0");
    run(streams.delete(KEY, ids("1-0", "2-0")));
    assertLag(null, 0L);
  }

  @Test
  void setIdForgetsHowManyWereRead() {
    createGroup();
    add("1-0", "2-0", "3-0");
    readNow(ALICE, 3);
    run(groups.setId(KEY, GROUP, "1-0", null));
    assertLag(null, 2L);
    run(groups.setId(KEY, GROUP, "2-0", null));
    assertLag(null, null);
    run(groups.setId(KEY, GROUP, "2-0", 2L));
    assertLag(2L, 1L);
  }
}
