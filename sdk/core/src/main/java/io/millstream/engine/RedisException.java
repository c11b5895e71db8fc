package io.millstream.engine;

import org.jspecify.annotations.Nullable;

/**
 * An error that Redis answered, or that kept an answer from coming. Recognise it by {@link
 * #code()}, never by its text.
 *
 * @since 0.1
 */
public final class RedisException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * The connection is not there, or broke before the reply came. In the latter case nobody knows
   * whether the command took effect.
   */
  public static final String CONNECTION = "CONNECTION";

  /** No reply came in time; nobody knows whether the command took effect. */
  public static final String TIMEOUT = "TIMEOUT";

  private final String code;

  /** An error with its code and its whole text. */
  public RedisException(String code, String message) {
    this(code, message, null);
  }

  /** An error with its code, its whole text and what caused it. */
  public RedisException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /**
   * An error as the server writes it: {@code BUSYGROUP Consumer Group name already exists}. The
   * first word is the code if it is in capital letters; otherwise the code is {@code ERR}.
   */
  public static RedisException of(String serverError) {
    int space = serverError.indexOf(' ');
    String first = space < 0 ? serverError : serverError.substring(0, space);
    boolean isCode = !first.isEmpty() && first.chars().allMatch(c -> c >= 'A' && c <= 'Z');
    return new RedisException(isCode ? first : "ERR", serverError);
  }

  /**
   * The first word of the server's error ({@code BUSYGROUP}, {@code NOGROUP}, {@code WRONGTYPE},
   * {@code ERR}, {@code OOM}, ...), or {@link #CONNECTION} or {@link #TIMEOUT}.
   */
  public String code() {
    return code;
  }

  /** Whether the error has this code. */
  public boolean is(String wanted) {
    return code.equals(wanted);
  }

  /** Whether nobody knows if the command took effect: {@link #CONNECTION} or {@link #TIMEOUT}. */
  public boolean outcomeUnknown() {
    return is(CONNECTION) || is(TIMEOUT);
  }
}
