package io.millstream.engine.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.engine.RedisException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What nodes of a cluster say about slots and about each other. */
class SlotsTest {
  private static final Address ASKED = new Address("10.0.0.9", 7009);

  private static List<@Nullable Object> node(@Nullable String host, long port) {
    byte @Nullable [] bytes = host == null ? null : host.getBytes(UTF_8);
    return Arrays.<@Nullable Object>asList(bytes, port, "id".getBytes(UTF_8), List.of());
  }

  private static Slots parsed() {
    return Slots.parse(
        List.of(
            List.of(0L, 99L, node("10.0.0.1", 7001), node("10.0.0.2", 7002)),
            List.of(200L, 200L, node("", 7003)),
            List.of(201L, 16383L, node(null, 7004))),
        ASKED);
  }

  @Test
  void eachRangeBelongsToTheFirstNodeOfItsRow() {
    assertThat(parsed().owner(0)).isEqualTo(new Address("10.0.0.1", 7001));
    assertThat(parsed().owner(99)).isEqualTo(new Address("10.0.0.1", 7001));
    assertThat(parsed().owner(100)).isNull();
    assertThat(parsed().owns(new Address("10.0.0.1", 7001))).isTrue();
    assertThat(parsed().owns(new Address("10.0.0.2", 7002))).isFalse();
  }

  @Test
  void aNodeThatDoesNotKnowItsHostMeansTheOneThatWasAsked() {
    assertThat(parsed().owner(200)).isEqualTo(new Address("10.0.0.9", 7003));
    assertThat(parsed().owner(16383)).isEqualTo(new Address("10.0.0.9", 7004));
    assertThat(Address.parse(":7005", ASKED)).isEqualTo(new Address("10.0.0.9", 7005));
    assertThat(Address.parse("?:7005", ASKED)).isEqualTo(new Address("10.0.0.9", 7005));
  }

  @Test
  void replicasMayBeAskedToo() {
    assertThat(parsed().nodes()).contains(new Address("10.0.0.2", 7002)).hasSize(4);
  }

  @Test
  void aNodeWithoutSlotsKnowsNothing() {
    assertThatThrownBy(() -> Slots.parse(List.of(), ASKED)).hasMessageContaining("no slots");
  }

  @Test
  void movedAndAskSayWhereACommandBelongs() {
    assertThat(redirect("MOVED 3999 10.0.0.1:7001"))
        .isEqualTo(new Redirect(new Address("10.0.0.1", 7001), false));
    assertThat(redirect("ASK 3999 fd00::1:7001"))
        .isEqualTo(new Redirect(new Address("fd00::1", 7001), true));
    assertThat(redirect("MOVED 3999")).isNull();
    assertThat(redirect("CLUSTERDOWN The cluster is down")).isNull();
  }

  private static @Nullable Redirect redirect(String error) {
    return Redirect.of(RedisException.of(error), ASKED);
  }
}
