package io.millstream.test;

import io.millstream.codec.MessageStream;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on a {@link TestMillstream}: leads to its streams and their groups.
 *
 * @since 0.1
 */
public final class MillstreamAssert extends AbstractAssert<MillstreamAssert, TestMillstream> {
  MillstreamAssert(TestMillstream actual) {
    super(actual, MillstreamAssert.class);
  }

  /** On to a stream. */
  public <T> StreamAssert<T> stream(MessageStream<T> stream) {
    isNotNull();
    return new StreamAssert<>(actual, stream).as(descriptionText());
  }
}
