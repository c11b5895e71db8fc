package io.millstream.test.redis;

import io.millstream.engine.AddArgs;
import io.millstream.engine.TrimArgs;
import io.millstream.engine.TrimArgs.Strategy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the options of XADD and XTRIM, in the order in which Redis finds fault with them. */
final class AddOptions {
  private static final String ANY_SEQUENCE = "-*";

  private final Request request;
  private final boolean adds;
  private @Nullable Strategy strategy;
  private String threshold = "";
  private boolean approximate;
  private @Nullable Long limit;
  private boolean noMkStream;
  private int next = 2;

  private AddOptions(Request request, boolean adds) {
    this.request = request;
    this.adds = adds;
  }

  static AddOptions ofAdd(Request request) {
    AddOptions options = new AddOptions(request, true);
    options.read();
    return options;
  }

  static AddOptions ofTrim(Request request) {
    AddOptions options = new AddOptions(request, false);
    options.read();
    return options;
  }

  /** The place of the first field. */
  int next() {
    return next + 1;
  }

  AddArgs addArgs() {
    TrimArgs trim = strategy == null ? null : trimArgs();
    return new AddArgs(request.text(next), noMkStream, trim);
  }

  TrimArgs trimArgs() {
    return new TrimArgs(Objects.requireNonNull(strategy), threshold, approximate, limit);
  }

  private void read() {
    while (next < request.size() && option()) {
      next++;
    }
    if (strategy == null && limit != null && limit != 0) {
      throw Failures.err(
          "syntax error, LIMIT cannot be used without specifying a trimming strategy");
    }
    if (strategy == null && !adds) {
      throw Failures.err("syntax error, XTRIM must be called with a trimming strategy");
    }
    if (limit != null && !approximate) {
      throw Failures.err("syntax error, LIMIT cannot be used without the special ~ option");
    }
  }

  /** Reads one option; false at XADD's id. */
  private boolean option() {
    boolean more = next + 1 < request.size();
    if (adds && request.text(next).equals("*")) {
      return false;
    }
    if (more && request.is(next, "MAXLEN")) {
      trimming(Strategy.MAXLEN);
      if (request.number(next) < 0) {
        throw Failures.err("The MAXLEN argument must be >= 0.");
      }
    } else if (more && request.is(next, "MINID")) {
      trimming(Strategy.MINID);
      Ids.strict(threshold);
    } else if (more && request.is(next, "LIMIT")) {
      next++;
      limit = request.number(next);
      if (limit < 0) {
        throw Failures.err("The LIMIT argument must be >= 0.");
      }
    } else if (adds && request.is(next, "NOMKSTREAM")) {
      noMkStream = true;
    } else if (adds) {
      String id = request.text(next);
      Ids.strict(
          id.endsWith(ANY_SEQUENCE)
              ? id.substring(0, id.length() - ANY_SEQUENCE.length()) + "-0"
              : id);
      return false;
    } else {
      throw Failures.syntax();
    }
    return true;
  }

  private void trimming(Strategy wanted) {
    if (strategy != null) {
      throw Failures.err(
          "syntax error, MAXLEN and MINID options at the same time are not compatible");
    }
    strategy = wanted;
    String sign = request.text(next + 1);
    approximate = false;
    if (next + 2 < request.size() && (sign.equals("~") || sign.equals("="))) {
      approximate = sign.equals("~");
      next++;
    }
    next++;
    threshold = request.text(next);
  }
}
