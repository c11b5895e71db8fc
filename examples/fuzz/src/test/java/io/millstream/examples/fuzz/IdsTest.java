package io.millstream.examples.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IdsTest {
  private final long now = System.currentTimeMillis();
  private final Ids ids = new Ids(10, 11);

  private String normal(Value... elements) {
    return ids.normal(new Value.Many('*', List.of(elements))).print();
  }

  private static Value text(String text) {
    return new Value.Bulk(text);
  }

  private static Value number(long number) {
    return new Value.Whole(number);
  }

  @Test
  void idsOfTheClockAreNumberedByTheirFirstAppearance() {
    assertThat(normal(text(now + "-0"), text(now + "-1"), text(now + "-0"), text("5-0")))
        .isEqualTo("*[id 0 id 1 id 0 \"5-0\"]");
    assertThat(ids.resolve(List.of("XACK", "({id:1}", "{id:9}", "{client:1}")))
        .containsExactly("XACK", "(" + now + "-1", "5-5", "11");
  }

  @Test
  void idleTimesAreRoundedSoThatAnHourStaysAnHour() {
    assertThat(normal(text("1-0"), text("c"), number(3_600_007), number(2)))
        .isEqualTo(normal(text("1-0"), text("c"), number(3_600_000), number(2)))
        .isNotEqualTo(normal(text("1-0"), text("c"), number(7), number(2)));
    assertThat(normal(text("inactive"), number(-1))).isEqualTo("*[\"inactive\" :-1]");
    assertThat(normal(text("seen-time"), number(now - 3_600_000)))
        .isEqualTo("*[\"seen-time\" ago 6]");
  }

  @Test
  void anIdThatAnErrorQuotesHasItsNumberToo() {
    Value error = new Value.Line("-ERR unknown command 'x', with '" + now + "-0'");
    assertThat(ids.normal(error).print()).isEqualTo("-ERR unknown command 'x', with 'id 0'");
  }
}
