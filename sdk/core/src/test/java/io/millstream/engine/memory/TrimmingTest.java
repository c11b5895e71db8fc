package io.millstream.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.engine.AddArgs;
import io.millstream.engine.TrimArgs;
import io.millstream.engine.TrimArgs.Strategy;
import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trimming by whole nodes. The figures were taken from a Redis 8.0. */
class TrimmingTest extends VirtualTimeTest {
  private static final Fields SMALL = Fields.of("f", "1");

  private long trim(Strategy strategy, String threshold, @Nullable Long limit) {
    return get(streams.trim(KEY, new TrimArgs(strategy, threshold, true, limit)));
  }

  private void delete(long from, long to) {
    List<EntryId> ids = LongStream.rangeClosed(from, to).mapToObj(i -> new EntryId(i, 0)).toList();
    assertThat(get(streams.delete(KEY, ids))).isEqualTo(ids.size());
  }

  @Test
  void aboutALengthDropsWholeNodesOnly() {
    addMany(250, SMALL);
    assertThat(trim(Strategy.MAXLEN, "149", null)).isEqualTo(100);
    assertThat(trim(Strategy.MAXLEN, "51", null)).isZero();
    assertThat(trim(Strategy.MAXLEN, "50", null)).isEqualTo(100);
    assertThat(get(streams.length(KEY))).isEqualTo(50);
  }

  @Test
  void aboutAnIdDropsNodesWhoseLastIdIsBelowIt() {
    addMany(250, SMALL);
    assertThat(trim(Strategy.MINID, "100", null)).isZero();
    assertThat(trim(Strategy.MINID, "101", null)).isEqualTo(100);
    assertThat(trim(Strategy.MINID, "1000", null)).isEqualTo(150);
  }

  @Test
  void tombstonesFillANodeToo() {
    addMany(99, SMALL);
    delete(2, 99);
    add("100-0", "101-0");
    assertThat(trim(Strategy.MAXLEN, "0", 2L)).isEqualTo(2);
    assertThat(get(streams.range(KEY, "-", "+", null)))
        .singleElement()
        .satisfies(left -> assertThat(left.id()).isEqualTo(id("101-0")));
  }

  @Test
  void aNodeThatLosesItsLastEntryToXdelGoes() {
    addMany(10, SMALL);
    delete(1, 10);
    for (int i = 11; i <= 110; i++) {
      add(i + "-0");
    }
    assertThat(trim(Strategy.MAXLEN, "0", 99L)).isZero();
    assertThat(trim(Strategy.MAXLEN, "0", 100L)).isEqualTo(100);
  }

  @Test
  void theImplicitLimitIsAHundredNodes() {
    addMany(10_200, SMALL);
    assertThat(trim(Strategy.MAXLEN, "0", null)).isEqualTo(10_000);
    assertThat(trim(Strategy.MAXLEN, "0", 0L)).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "f, 100, 36",
    "f, 1000, 4",
    "longerfieldname, 100, 36",
    "f, 30, 100",
  })
  void aNodeIsFullAtFourThousandBytes(String name, int bytes, int entries) {
    addMany(200, Fields.of(name, "x".repeat(bytes)));
    assertThat(trim(Strategy.MAXLEN, "0", (long) entries)).isEqualTo(entries);
    assertThat(trim(Strategy.MAXLEN, "0", (long) entries - 1)).isZero();
  }

  @Test
  void fieldNamesThatDifferTakeRoom() {
    for (int i = 1; i <= 100; i++) {
      Fields fields = Fields.of("name" + i % 2, "x".repeat(60));
      run(streams.add(KEY, fields, AddArgs.id(i + "-0")));
    }
    assertThat(trim(Strategy.MAXLEN, "0", 53L)).isZero();
    assertThat(trim(Strategy.MAXLEN, "0", 54L)).isEqualTo(54);
  }

  @Test
  void idsThatAreFarApartTakeRoom() {
    for (int i = 1; i <= 100; i++) {
      Fields fields = Fields.of("f", "x".repeat(60));
      run(streams.add(KEY, fields, AddArgs.id(i * 10_000_000L + "-0")));
    }
    assertThat(trim(Strategy.MAXLEN, "0", 54L)).isZero();
    assertThat(trim(Strategy.MAXLEN, "0", 55L)).isEqualTo(55);
  }

  @Test
  void exactTrimmingLeavesTombstonesThatStillFillTheNode() {
    addMany(150, SMALL);
    assertThat(get(streams.trim(KEY, TrimArgs.maxLength(60)))).isEqualTo(90);
    assertThat(trim(Strategy.MAXLEN, "50", null)).isEqualTo(10);
    assertThat(get(streams.range(KEY, "-", "+", 1L)).get(0).id()).isEqualTo(id("101-0"));
  }
}
