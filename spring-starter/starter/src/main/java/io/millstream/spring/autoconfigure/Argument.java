package io.millstream.spring.autoconfigure;

import io.millstream.codec.DecodeException;
import io.millstream.message.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the value of a listener's parameter comes from. */
@FunctionalInterface
interface Argument {
  /**
   * The value for a call.
   *
   * @param messages the batch, or the only message
   * @throws DecodeException if the message has no such value
   */
  @Nullable Object of(List<? extends Message<?>> messages);
}
