package io.millstream.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.entry.Fields;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FieldMapCodecTest {
  record OrderEvent(long orderId, BigDecimal amount, @Nullable String note, boolean paid) {}

  record Nested(List<String> names) {}

  private final Codec<OrderEvent> codec =
      MessageStream.fieldMap("order:events", OrderEvent.class).codec();

  @Test
  void readsWhatOtherProgramsWrite() {
    OrderEvent event =
        codec.decode(Fields.of("orderId", "7", "amount", "12", "paid", "true", "colour", "red"));

    assertThat(event).isEqualTo(new OrderEvent(7, new BigDecimal("12"), null, true));
  }

  @Test
  void aBooleanMayBeOneOrZeroButNoOtherNumber() {
    assertThat(codec.decode(Fields.of("orderId", "7", "amount", "1", "paid", "1")).paid()).isTrue();
    assertThat(codec.decode(Fields.of("orderId", "7", "amount", "1", "paid", "0")).paid())
        .isFalse();
    assertThatThrownBy(() -> codec.decode(Fields.of("orderId", "7", "amount", "1", "paid", "2")))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("paid");
  }

  @Test
  void writesOneFieldForEachPropertyThatIsNotNull() {
    Fields fields = codec.encode(new OrderEvent(7, new BigDecimal("12.00"), null, false));

    assertThat(fields).isEqualTo(Fields.of("orderId", "7", "amount", "12.00", "paid", "false"));
    assertThat(codec.decode(fields))
        .isEqualTo(new OrderEvent(7, new BigDecimal("12.00"), null, false));
  }

  @Test
  void ofSeveralFieldsOfOneNameTheLastWins() {
    Fields fields = Fields.of("orderId", "7", "amount", "1", "paid", "true", "orderId", "8");

    assertThat(codec.decode(fields).orderId()).isEqualTo(8);
  }

  @Test
  void saysWhichFieldIsWrongWithoutItsValue() {
    assertThatThrownBy(
            () -> codec.decode(Fields.of("orderId", "s3cret", "amount", "1", "paid", "true")))
        .isInstanceOf(DecodeException.class)
        .hasMessageStartingWith("InvalidFormatException at orderId")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aMissingNumberIsNotZero() {
    assertThatThrownBy(() -> codec.decode(Fields.of("amount", "1", "paid", "true")))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("orderId");
  }

  @Test
  void refusesToWriteWhatIsNotFlat() {
    Codec<Nested> nested = MessageStream.fieldMap("s", Nested.class).codec();
    assertThatThrownBy(() -> nested.encode(new Nested(List.of("a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("property 'names'")
        .hasMessageContaining("is nested, expected text, a number or a boolean");

    Codec<String> scalar = MessageStream.fieldMap("s", String.class).codec();
    assertThatThrownBy(() -> scalar.encode("x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not an object");
  }
}
