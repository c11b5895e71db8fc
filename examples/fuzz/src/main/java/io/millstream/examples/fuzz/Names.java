package io.millstream.examples.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The few names that the commands of a sequence share, so that they meet each other, and what ids
 * its streams may have by now. Ids are only guessed: nothing is asked of a server.
 */
final class Names {
  /** The stream whose ids come from the clock. */
  static final String CLOCKED = "s3";

  /** The time of ids that are after all that the clock gives. */
  static final String FUTURE = "99999999999999";

  private static final List<String> STREAMS = List.of("s1", "s2", CLOCKED);
  private static final List<String> SPECIAL =
      List.of(
          "0", "0-0", "0-1", "-", "+", "$", "x", "5", "18446744073709551615-18446744073709551615");
  private static final int REMEMBERED = 40;

  private final RandomGenerator random;
  private final Map<String, List<String>> ids = new HashMap<>();
  private final Map<String, Long> last = new HashMap<>();
  private int clocked;

  Names(RandomGenerator random) {
    this.random = random;
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  String anyOf(String... all) {
    return all[random.nextInt(all.length)];
  }

  String stream() {
    return chance(2) ? anyOf("none", "text") : any(STREAMS);
  }

  String group() {
    return chance(3) ? "nobody" : anyOf("g1", "g1", "g2");
  }

  String consumer() {
    return chance(5) ? "millstream.released" : anyOf("c1", "c2", "c3");
  }

  /** The id of a new entry. */
  String newId(String stream) {
    if (stream.equals(CLOCKED) && chance(75)) {
      clocked++;
      return "*";
    }
    if (stream.equals(CLOCKED) && chance(4)) {
      return FUTURE + "-" + below(100); // what the clock gives then is its successor
    }
    if (chance(4)) {
      return anyOf("0-0", "x", "1-0", "-", "5-", "-5", "18446744073709551615-18446744073709551615");
    }
    long ms = last.merge(stream, (long) below(3), Long::sum) + 1;
    if (chance(15)) {
      return ms + "-*";
    }
    String id = ms + "-" + below(3);
    remember(stream, id);
    return id;
  }

  private void remember(String stream, String id) {
    List<String> known = ids.computeIfAbsent(stream, key -> new ArrayList<>());
    known.add(id);
    if (known.size() > REMEMBERED) {
      known.remove(0);
    }
  }

  /** The id of an entry that there may be. */
  String id(String stream) {
    if (stream.equals(CLOCKED) && clocked > 0 && chance(90)) {
      return "{id:" + Math.max(0, clocked - 1 - below(20)) + "}";
    }
    List<String> known = ids.getOrDefault(stream, List.of());
    return known.isEmpty() || chance(5) ? below(9) + "-" + below(3) : any(known);
  }

  List<String> someIds(String stream) {
    List<String> some = new ArrayList<>();
    for (int i = 1 + below(4); i > 0; i--) {
      some.add(id(stream));
    }
    if (chance(2)) {
      some.add(anyOf("x", "", "1-x"));
    }
    return some;
  }

  /** An id, or what else may stand in its place. */
  String anyId(String stream) {
    return chance(80) ? id(stream) : any(SPECIAL);
  }

  /** A bound of a range. */
  String bound(String stream, String end) {
    if (chance(50)) {
      return end;
    }
    return (chance(25) ? "(" : "") + anyId(stream);
  }

  String count() {
    return chance(8) ? anyOf("0", "-1", "x", "1.5", "99999999999999999999") : "" + (1 + below(12));
  }

  /** Times are half hours, ages whole ones: what lies between is for the clock to say. */
  String minIdle() {
    return chance(60) ? "0" : anyOf("1800000", "5400000", "9000000", "-1", "x");
  }

  List<String> fields() {
    List<String> fields = new ArrayList<>();
    for (int i = 1 + below(3); i > 0; i--) {
      fields.add(anyOf("f", "g", "", "payload"));
      fields.add(
          chance(3)
              ? "v".repeat(below(3_000))
              : anyOf("1", "-70000", "", "\u00ff\u0000\r\n", "value"));
    }
    return fields;
  }
}
