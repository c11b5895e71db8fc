package io.millstream.test.redis;

import io.millstream.entry.EntryId;
import io.millstream.entry.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The keys and arguments of a script, counted from 1 as in Lua. */
final class StepCall {
  private final List<String> keys;
  private final List<byte[]> arguments;

  StepCall(List<String> keys, List<byte[]> arguments) {
    this.keys = keys;
    this.arguments = arguments;
  }

  String key(int i) {
    if (i > keys.size()) {
      throw malformed();
    }
    return keys.get(i - 1);
  }

  String text(int i) {
    if (i > arguments.size()) {
      throw malformed();
    }
    return Text.of(arguments.get(i - 1));
  }

  long number(int i) {
    try {
      return Long.parseLong(text(i));
    } catch (NumberFormatException e) {
      throw malformed();
    }
  }

  Duration millis(int i) {
    return Duration.ofMillis(number(i));
  }

  EntryId id(int i) {
    return Ids.strict(text(i));
  }

  /** The fields from here to the end. */
  Fields fields(int from) {
    List<byte[]> flat = arguments.subList(Math.min(from - 1, arguments.size()), arguments.size());
    if (flat.size() % 2 != 0) {
      throw malformed();
    }
    return Fields.ofFlat(flat.toArray(new byte[0][]));
  }

  /** What every so many arguments from here to the end are, given where they begin. */
  <T> List<T> each(int from, int step, IntFunction<T> one) {
    List<T> all = new ArrayList<>();
    for (int i = from; i <= arguments.size(); i += step) {
      all.add(one.apply(i));
    }
    return all;
  }

  private static RuntimeException malformed() {
    return Failures.err("these are not the arguments of this script");
  }
}
