package io.millstream.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.codec.MessageStream;
import org.junit.jupiter.api.Test;

/** The snippets of the README. */
class ReadmeTest {
  record Order(long id, String amount) {}

  @Test
  void namesAMessageStream() {
    // snippet-start: message-stream
    MessageStream<Order> orders = MessageStream.json("order:events", Order.class);
    // snippet-end

    assertThat(orders.name()).isEqualTo("order:events");
  }
}
