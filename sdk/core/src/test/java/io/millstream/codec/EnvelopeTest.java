package io.millstream.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.entry.Fields;
import io.millstream.message.Headers;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final Fields PAYLOAD = Fields.of("payload", "x");

  @Test
  void storesEachHeaderInAFieldOfItsOwn() {
    Headers headers = Headers.of("trace", "t-1").with("tenant", "\u00e4");

    Fields entry = Envelope.seal(PAYLOAD, headers);

    assertThat(entry).isEqualTo(Fields.of("payload", "x", "@trace", "t-1", "@tenant", "\u00e4"));
    assertThat(Envelope.headers(entry)).isEqualTo(headers);
    assertThat(Envelope.payload(entry)).isEqualTo(PAYLOAD);
  }

  @Test
  void copiesNothingWhereThereAreNoHeaders() {
    assertThat(Envelope.seal(PAYLOAD, Headers.none())).isSameAs(PAYLOAD);
    assertThat(Envelope.payload(PAYLOAD)).isSameAs(PAYLOAD);
    assertThat(Envelope.headers(PAYLOAD)).isSameAs(Headers.none());
  }

  @Test
  void takesForeignFieldsThatStartWithTheMarkForHeaders() {
    Fields foreign = Fields.of("@a", "1", "orderId", "7", "@a", "2", "", "empty", "@", "bare");

    assertThat(Envelope.headers(foreign)).isEqualTo(Headers.of("a", "2").with("", "bare"));
    assertThat(Envelope.payload(foreign)).isEqualTo(Fields.of("orderId", "7", "", "empty"));
  }

  @Test
  void refusesReservedAndEmptyHeaderNames() {
    assertThatThrownBy(() -> Envelope.seal(PAYLOAD, Headers.of("millstream-id", "1-1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "header: 'millstream-id', expected a name that is not empty and does not start with"
                + " 'millstream-'");
    assertThatThrownBy(() -> Envelope.seal(PAYLOAD, Headers.of("", "x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesPayloadFieldsThatWouldComeBackAsHeaders() {
    assertThatThrownBy(() -> Envelope.seal(Fields.of("a", "1", "@b", "2"), Headers.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "payload field: '@b', expected a name that does not start with '@', which marks"
                + " headers");
  }

  @Test
  void refusesAnEntryWithoutAnyField() {
    assertThatThrownBy(() -> Envelope.seal(Fields.EMPTY, Headers.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("payload: no fields, expected at least one");
  }
}
