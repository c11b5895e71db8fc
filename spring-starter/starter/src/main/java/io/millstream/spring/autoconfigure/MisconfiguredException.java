package io.millstream.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

/** Millstream cannot start as it is configured. */
final class MisconfiguredException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String action;

  /**
   * What is wrong and what to do.
   *
   * @param description what is wrong and where
   * @param action what is allowed, or what to do
   */
  MisconfiguredException(String description, String action) {
    this(description, action, null);
  }

  MisconfiguredException(String description, String action, @Nullable Throwable cause) {
    super(description + " " + action, cause);
    this.action = action;
  }

  String description() {
    String all = String.valueOf(getMessage());
    return all.substring(0, all.length() - action.length() - 1);
  }

  String action() {
    return action;
  }
}
