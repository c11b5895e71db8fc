package io.millstream.worker;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a dead letter tells of the exception that a handler failed with, besides its class. Messages
 * of exceptions may hold what must not lie about: names, tokens, parts of the payload.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ExceptionText {
  /** The exception's message. */
  ExceptionText MESSAGE = Throwable::getMessage;

  /** Nothing. */
  ExceptionText NONE = failure -> null;

  /**
   * The message, with whatever the pattern finds in it replaced by {@code ***}.
   *
   * @param secret what must not be told
   */
  static ExceptionText redacted(Pattern secret) {
    return failure -> {
      String message = failure.getMessage();
      return message == null ? null : secret.matcher(message).replaceAll("***");
    };
  }

  /**
   * The text, or null for none; called on a thread of the worker, so it must not block. If it
   * throws, nothing is told.
   */
  @Nullable String of(Throwable failure);
}
