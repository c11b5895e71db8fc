package io.millstream.engine.memory;

import io.millstream.engine.TrimArgs;
import io.millstream.entry.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * What to trim, as read from the arguments.
 *
 * @param minId the smallest id to keep, or null to trim by length
 * @param maxLength the length to keep
 * @param approximate whole nodes only
 * @param limit the most entries to go, 0 for no limit
 */
record Trim(@Nullable EntryId minId, long maxLength, boolean approximate, long limit) {
  static Trim parse(TrimArgs args, NodeLimits limits) {
    EntryId minId = null;
    long maxLength = 0;
    switch (args.strategy()) {
      case MINID -> minId = Ids.strict(args.threshold());
      case MAXLEN -> {
        maxLength = integer(args.threshold());
        if (maxLength < 0) {
          throw Errors.err("The MAXLEN argument must be >= 0.");
        }
      }
    }
    Long limit = args.limit();
    if (limit != null && limit < 0) {
      throw Errors.err("The LIMIT argument must be >= 0.");
    }
    long implicit = args.approximate() ? limits.implicitTrimLimit() : 0;
    return new Trim(minId, maxLength, args.approximate(), limit == null ? implicit : limit);
  }

  /** Redis looks at this only after it has read all the options, XADD's id included. */
  static void requireLimitAllowed(TrimArgs args) {
    if (args.limit() != null && !args.approximate()) {
      throw Errors.err("syntax error, LIMIT cannot be used without the special ~ option");
    }
  }

  private static long integer(String text) {
    try {
      long value = Long.parseLong(text);
      if (Long.toString(value).equals(text)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw Errors.notAnInteger();
    }
    throw Errors.notAnInteger();
  }
}
