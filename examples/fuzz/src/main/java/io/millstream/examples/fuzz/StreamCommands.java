package io.millstream.examples.fuzz;

import java.util.ArrayList;
import java.util.List;

/** Commands of streams without their groups, and those of keys. */
final class StreamCommands {
  private final Names names;

  StreamCommands(Names names) {
    this.names = names;
  }

  List<String> draw() {
    int kind = names.below(100);
    if (kind < 56) {
      return add();
    }
    if (kind < 64) {
      String stream = names.stream();
      return words(List.of("XDEL", stream), names.someIds(stream));
    }
    if (kind < 71) {
      String stream = names.stream();
      return words(List.of("XTRIM", stream), trimming(stream));
    }
    if (kind < 86) {
      return range();
    }
    if (kind < 93) {
      return info();
    }
    return kind < 96 ? setId() : key();
  }

  private static List<String> words(List<String> first, List<String> rest) {
    List<String> all = new ArrayList<>(first);
    all.addAll(rest);
    return all;
  }

  private List<String> add() {
    String stream = names.stream();
    List<String> words = new ArrayList<>(List.of("XADD", stream));
    if (names.chance(4)) {
      words.add("NOMKSTREAM");
    }
    if (names.chance(8)) {
      words.addAll(trimming(stream));
    }
    words.add(names.newId(stream));
    words.addAll(names.fields());
    return words;
  }

  private List<String> trimming(String stream) {
    List<String> words = new ArrayList<>();
    boolean byLength = names.chance(60);
    words.add(byLength ? "MAXLEN" : "MINID");
    boolean about = names.chance(40);
    if (about || names.chance(20)) {
      words.add(about ? "~" : "=");
    }
    String length = names.chance(4) ? "-1" : "" + names.below(25);
    words.add(byLength ? length : names.anyId(stream));
    if (about ? names.chance(40) : names.chance(3)) {
      words.addAll(List.of("LIMIT", names.anyOf("0", "1", "5", "100", "-1")));
    }
    return words;
  }

  private List<String> range() {
    String stream = names.stream();
    boolean up = names.chance(60);
    List<String> words = new ArrayList<>(List.of(up ? "XRANGE" : "XREVRANGE", stream));
    words.add(names.bound(stream, up ? "-" : "+"));
    words.add(names.bound(stream, up ? "+" : "-"));
    if (names.chance(60)) {
      words.addAll(List.of("COUNT", names.count()));
    }
    return words;
  }

  private List<String> info() {
    String stream = names.stream();
    return switch (names.below(4)) {
      case 0 -> List.of("XLEN", stream);
      case 1 -> List.of("XINFO", "STREAM", stream);
      case 2 -> List.of("XINFO", "STREAM", stream, "FULL");
      default -> List.of("XINFO", "STREAM", stream, "FULL", "COUNT", names.count());
    };
  }

  private List<String> setId() {
    String stream = names.stream();
    String id = names.anyId(stream);
    return switch (names.below(4)) {
      case 0 -> List.of("XSETID", stream, id);
      case 1 -> List.of("XSETID", stream, id, "ENTRIESADDED", names.count());
      case 2 -> List.of("XSETID", stream, id, "MAXDELETEDID", names.anyId(stream));
      default ->
          List.of(
              "XSETID",
              stream,
              id,
              "ENTRIESADDED",
              names.count(),
              "MAXDELETEDID",
              names.id(stream));
    };
  }

  /** The clocked stream stays what it is: begun anew, it might give an id that it gave before. */
  private List<String> key() {
    String drawn = names.stream();
    String stream = drawn.equals(Names.CLOCKED) ? "s1" : drawn;
    return switch (names.below(8)) {
      case 0 -> List.of("DEL", stream);
      case 1 -> List.of("SET", names.chance(30) ? stream : "text", "a string");
      case 2 -> List.of("EXISTS", stream, names.stream());
      case 3 -> List.of("RENAME", stream, names.anyOf("s1", "s2"));
      case 4 -> List.of("COPY", stream, names.anyOf("s1", "s2", "s4"));
      default -> List.of("TYPE", stream);
    };
  }
}
