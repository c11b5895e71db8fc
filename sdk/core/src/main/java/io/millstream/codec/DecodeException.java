package io.millstream.codec;

/**
 * The fields of an entry cannot be understood as a payload.
 *
 * <p>Its message ends up in logs and dead letters, so it says what is wrong and where, and never
 * quotes the payload. A cause is quoted in logs too: give none whose message may contain payload.
 *
 * @since 0.1
 */
public class DecodeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is wrong, without payload text. */
  public DecodeException(String message) {
    super(message);
  }

  /** What is wrong and what caused it, both without payload text. */
  public DecodeException(String message, Throwable cause) {
    super(message, cause);
  }
}
