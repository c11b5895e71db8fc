package io.millstream.test;

import io.millstream.codec.MessageStream;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/**
 * Assertions on a stream of a {@link TestMillstream}.
 *
 * @param <T> the payload's type
 * @since 0.1
 */
public final class StreamAssert<T> extends AbstractAssert<StreamAssert<T>, TestMillstream> {
  private final MessageStream<T> stream;

  StreamAssert(TestMillstream millstream, MessageStream<T> stream) {
    super(millstream, StreamAssert.class);
    this.stream = stream;
  }

  /** On to a consumer group. */
  public GroupAssert<T> group(String group) {
    return new GroupAssert<>(actual.group(stream, group)).as(descriptionText());
  }

  /** On to the payloads of all messages that stand in it, oldest first, acknowledged or not. */
  public ListAssert<T> payloads() {
    return Assertions.assertThat(actual.payloads(stream))
        .as(descriptionText().isEmpty() ? "payloads of " + stream.name() : descriptionText());
  }
}
