package io.millstream.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.millstream.entry.Fields;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

class JsonCodecTest {
  private static final String SECRET = "4111-1111-1111-1111";

  record Order(long id, BigDecimal amount, Instant at, List<Line> lines) {}

  record Line(String article, int quantity) {}

  record Card(CardNumber number, Map<String, Integer> limits) {}

  record CardNumber(String digits) {
    @JsonCreator
    CardNumber {
      throw new IllegalArgumentException("not a card number: " + digits);
    }
  }

  private final Codec<Order> codec = MessageStream.json("s", Order.class).codec();

  private static Fields payload(String json) {
    return Fields.of("payload", json);
  }

  @Test
  void recordsComeBackAsTheyWere() {
    Order order =
        new Order(
            7,
            new BigDecimal("12.00"),
            Instant.parse("2026-01-02T03:04:05.678Z"),
            List.of(new Line("nut", 2)));

    Fields fields = codec.encode(order);

    assertThat(fields.size()).isOne();
    assertThat(fields.text("payload")).contains("\"amount\":12.00", "\"at\":\"2026-01-02T03");
    assertThat(codec.decode(fields)).isEqualTo(order);
  }

  @Test
  void ignoresPropertiesThatTheTypeDoesNotKnow() {
    assertThat(codec.decode(payload("{\"id\":7,\"new\":{\"x\":[1]}}")).id()).isEqualTo(7);
  }

  @Test
  void usesTheMapperItIsGiven() {
    JsonMapper strict =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    Codec<Line> lines = JsonCodec.of(Line.class, strict);

    assertThatThrownBy(
            () -> lines.decode(payload("{\"quantity\":1,\"colour\":\"" + SECRET + "\"}")))
        .isInstanceOf(DecodeException.class)
        .hasMessageStartingWith("UnrecognizedPropertyException at colour, line 1")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void refusesAMapperWithDefaultTyping() {
    JsonMapper mapper =
        JsonMapper.builder()
            .activateDefaultTyping(
                BasicPolymorphicTypeValidator.builder().allowIfSubType(Object.class).build())
            .build();

    assertThatThrownBy(() -> JsonCodec.of(Order.class, mapper))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mapper: has default typing activated, expected one without polymorphic typing");
  }

  @Test
  void aJsonNullIsNotAPayload() {
    assertThatThrownBy(() -> codec.decode(payload("null")))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'payload': the JSON document is null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        SECRET,
        "{\"id\":7} " + SECRET,
        "{\"id\":\"" + SECRET + "\"}",
        "{\"amount\":\"" + SECRET + "\"}",
        "{\"at\":\"" + SECRET + "\"}",
        "{\"lines\":\"" + SECRET + "\"}",
        "{\"lines\":[{\"quantity\":\"" + SECRET + "\"}]}",
        "{\"id\":7, \"" + SECRET,
        "{\"id\":nope" + SECRET + "}"
      })
  void neverQuotesThePayloadWhenItCannotBeDecoded(String json) {
    assertNothingQuoted(catchThrowable(() -> codec.decode(payload(json))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"number\":{\"digits\":\"" + SECRET + "\"}}",
        "{\"limits\":{\"" + SECRET + "\":\"x\"}}"
      })
  void neverQuotesWhatConstructorsOrMapKeysSay(String json) {
    Codec<Card> cards = MessageStream.json("s", Card.class).codec();

    assertNothingQuoted(catchThrowable(() -> cards.decode(payload(json))));
  }

  private static void assertNothingQuoted(Throwable failure) {
    assertThat(failure).isInstanceOf(DecodeException.class);
    StringWriter printed = new StringWriter();
    failure.printStackTrace(new PrintWriter(printed));
    assertThat(printed.toString()).doesNotContain("4111");
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    assertThatThrownBy(
            () ->
                codec.decode(
                    payload("{\"id\":7,\n\"lines\":[{\"quantity\":1},{\"quantity\":\"many\"}]}")))
        .hasMessageMatching("InvalidFormatException at lines\\[1]\\.quantity, line 2, column \\d+");
    Codec<Card> cards = MessageStream.json("s", Card.class).codec();
    assertThatThrownBy(() -> cards.decode(payload("{\"number\":{\"digits\":\"1\"}}")))
        .hasMessageStartingWith(
            "ValueInstantiationException (java.lang.IllegalArgumentException) at number");
    assertThatThrownBy(() -> cards.decode(payload("{\"limits\":{\"k\":\"x\"}}")))
        .hasMessageStartingWith("InvalidFormatException at limits[?]");
  }
}
