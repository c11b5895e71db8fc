package io.millstream.engine.lettuce;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.millstream.engine.RedisException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From whatever Lettuce throws to {@link RedisException}. */
final class Errors {
  /** What servers write around an error of a command in a script, each version its own part. */
  private static final Pattern SCRIPT_PREFIX =
      Pattern.compile(
          "^(?:ERR )?(?:Error running script \\(call to \\w+\\): )?(?:@?user_script: ?\\d+: )+-?");

  private static final Pattern SCRIPT_SUFFIX =
      Pattern.compile("\\s+script: \\w+, on @?user_script:\\d+\\.?$");

  /** How servers say NOPERM inside a script: up to 7.0, and from 7.2 on. */
  private static final Pattern SCRIPT_REFUSAL =
      Pattern.compile("^(?:ERR )?(?=The user executing the script can't |ACL failure in script: )");

  private Errors() {}

  static RedisException of(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisException known) {
        return known;
      }
      if (cause instanceof RedisCommandExecutionException && cause.getMessage() != null) {
        return server(cause.getMessage());
      }
      if (cause instanceof RedisCommandTimeoutException) {
        return new RedisException(RedisException.TIMEOUT, text(cause), error);
      }
    }
    return new RedisException(RedisException.CONNECTION, withRoot(error), error);
  }

  /** An error as the server wrote it, without what the way through a script has added to it. */
  static RedisException server(String text) {
    String bare = text;
    if (text.contains("user_script")) {
      bare = SCRIPT_PREFIX.matcher(text).replaceFirst("");
      bare = SCRIPT_SUFFIX.matcher(bare).replaceFirst("");
    }
    return RedisException.of(SCRIPT_REFUSAL.matcher(bare).replaceFirst("NOPERM "));
  }

  static RedisException connection(String text) {
    return new RedisException(RedisException.CONNECTION, text);
  }

  /** Whether the server understood and will not: no right to it, or no such thing. */
  static boolean isRefusal(RedisException error) {
    return error.is("NOPERM") || error.is("ERR");
  }

  /** The same error for one more caller. */
  static RedisException again(RedisException error) {
    return new RedisException(error.code(), text(error), error);
  }

  private static String withRoot(Throwable error) {
    Throwable root = root(error);
    return root == error ? text(error) : text(error) + ": " + text(root);
  }

  static Throwable root(Throwable error) {
    Throwable root = error;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return root;
  }

  static String text(@Nullable Throwable error) {
    String message = error == null ? null : error.getMessage();
    return message == null ? String.valueOf(error) : message;
  }
}
