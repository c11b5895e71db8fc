package io.millstream.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.entry.Fields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecsTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "gr\u00fc\u00df \uD83D\uDE00", "the very \uFFFD"})
  void stringsComeBackAsTheyWere(String text) {
    Codec<String> codec = MessageStream.string("s").codec();

    Fields fields = codec.encode(text);

    assertThat(fields).isEqualTo(Fields.of("payload", text));
    assertThat(codec.decode(fields)).isEqualTo(text);
  }

  @Test
  void bytesThatAreNoTextAreNotDecodedAsString() {
    byte[] latin1 = {'g', 'r', (byte) 0xFC, (byte) 0xDF};
    Fields fields = Fields.builder().add("payload", latin1).build();

    assertThatThrownBy(() -> MessageStream.string("s").codec().decode(fields))
        .isInstanceOf(DecodeException.class)
        .hasMessage("field 'payload': not UTF-8 text");
  }

  @Test
  void bytesComeBackAsTheyWere() {
    Codec<byte[]> codec = MessageStream.bytes("s").codec();
    byte[] bytes = {0, -1, 13, 10};

    assertThat(codec.decode(codec.encode(bytes))).isEqualTo(bytes);
  }

  @Test
  void anEntryWithoutPayloadFieldIsNotDecodable() {
    Fields foreign = Fields.of("orderId", "7");

    assertThatThrownBy(() -> MessageStream.string("s").codec().decode(foreign))
        .isInstanceOf(DecodeException.class)
        .hasMessage("no field 'payload' in the entry");
    assertThatThrownBy(() -> MessageStream.bytes("s").codec().decode(foreign))
        .isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> MessageStream.json("s", String.class).codec().decode(foreign))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void fieldsComeBackWithDuplicatesAndOrder() {
    Fields fields = Fields.of("b", "1", "a", "2", "b", "3");
    Codec<Fields> codec = MessageStream.fields("s").codec();

    assertThat(codec.decode(codec.encode(fields))).isSameAs(fields);
  }

  @Test
  void aCodecOfTheUsersOwnIsTaken() {
    Codec<Integer> number =
        new Codec<>() {
          @Override
          public Fields encode(Integer payload) {
            return Fields.of("n", payload.toString());
          }

          @Override
          public Integer decode(Fields fields) {
            return Integer.valueOf(new String(fields.value(0), UTF_8));
          }
        };

    assertThat(MessageStream.of("s", number).codec()).isSameAs(number);
  }
}
