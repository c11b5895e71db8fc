package io.millstream.test.redis;

import io.millstream.engine.RedisException;
import java.util.Locale;

/** What Redis says when a command is not well formed, word for word. */
final class Failures {
  private static final int SHOWN = 128;

  private Failures() {}

  static RedisException err(String text) {
    return RedisException.of("ERR " + text);
  }

  static RedisException syntax() {
    return err("syntax error");
  }

  static RedisException invalidId() {
    return err("Invalid stream ID specified as stream command argument");
  }

  static RedisException arguments(String command) {
    return err("wrong number of arguments for '" + command + "' command");
  }

  static RedisException unknownCommand(Request request) {
    StringBuilder arguments = new StringBuilder();
    for (int i = 1; i < request.size() && arguments.length() < SHOWN; i++) {
      String shown = cut(request.text(i), SHOWN - arguments.length());
      arguments.append('\'').append(shown).append("' ");
    }
    return err(
        "unknown command '"
            + cut(request.text(0), SHOWN)
            + "', with args beginning with: "
            + arguments);
  }

  static RedisException unknownSubcommand(Request request) {
    return err(
        "unknown subcommand '"
            + cut(request.text(1), SHOWN)
            + "'. Try "
            + request.text(0).toUpperCase(Locale.ROOT)
            + " HELP.");
  }

  /** The subcommand is known, and what follows it makes no sense. */
  static RedisException subcommandSyntax(Request request) {
    return err(
        "unknown subcommand or wrong number of arguments for '"
            + cut(request.text(1), SHOWN)
            + "'. Try "
            + request.text(0).toUpperCase(Locale.ROOT)
            + " HELP.");
  }

  /** Redis prints them as C does: up to a zero byte. */
  private static String cut(String text, int length) {
    int end = Math.min(length, text.length());
    int zero = text.indexOf('\0');
    return text.substring(0, zero < 0 ? end : Math.min(end, zero));
  }
}
