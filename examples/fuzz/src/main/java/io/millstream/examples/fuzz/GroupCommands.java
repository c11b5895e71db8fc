package io.millstream.examples.fuzz;

import java.util.ArrayList;
import java.util.List;

/** Commands of groups, save reading. */
final class GroupCommands {
  private final Names names;

  GroupCommands(Names names) {
    this.names = names;
  }

  List<String> draw() {
    int kind = names.below(100);
    if (kind < 22) {
      return ack();
    }
    if (kind < 42) {
      return claim();
    }
    if (kind < 58) {
      return autoClaim();
    }
    if (kind < 76) {
      return pending();
    }
    return kind < 88 ? group() : info();
  }

  private List<String> start(String... first) {
    List<String> words = new ArrayList<>(List.of(first));
    words.add(names.stream());
    words.add(names.group());
    return words;
  }

  private List<String> ack() {
    List<String> words = start("XACK");
    words.addAll(names.someIds(words.get(1)));
    return words;
  }

  private List<String> claim() {
    List<String> words = start("XCLAIM");
    words.add(names.consumer());
    words.add(names.minIdle());
    words.addAll(names.someIds(words.get(1)));
    if (names.chance(45)) {
      words.addAll(
          names.chance(60)
              ? List.of("IDLE", names.anyOf("0", "3600000", "7200000", "-5", "x"))
              : List.of("TIME", names.anyOf("{now-3600000}", "{now+3600000}", "-1", "x")));
    }
    if (names.chance(20)) {
      words.addAll(List.of("RETRYCOUNT", names.anyOf("0", "1", "7", "-1", "x")));
    }
    if (names.chance(25)) {
      words.add("FORCE");
    }
    if (names.chance(25)) {
      words.add("JUSTID");
    }
    if (names.chance(8)) {
      words.addAll(List.of("LASTID", names.anyId(words.get(1))));
    }
    return words;
  }

  private List<String> autoClaim() {
    List<String> words = start("XAUTOCLAIM");
    words.add(names.consumer());
    words.add(names.minIdle());
    words.add(names.chance(60) ? "0-0" : names.bound(words.get(1), "-"));
    if (names.chance(60)) {
      words.addAll(List.of("COUNT", names.count()));
    }
    if (names.chance(25)) {
      words.add("JUSTID");
    }
    return words;
  }

  private List<String> pending() {
    List<String> words = start("XPENDING");
    if (names.chance(35)) {
      return words;
    }
    String stream = words.get(1);
    if (names.chance(25)) {
      words.addAll(List.of("IDLE", names.minIdle()));
    }
    words.addAll(List.of(names.bound(stream, "-"), names.bound(stream, "+"), names.count()));
    if (names.chance(40)) {
      words.add(names.chance(5) ? "unknown" : names.consumer());
    }
    return words;
  }

  private List<String> group() {
    switch (names.below(6)) {
      case 0, 1 -> {
        List<String> words = start("XGROUP", "CREATE");
        words.add(names.chance(60) ? names.anyOf("0", "$") : names.anyId(words.get(2)));
        if (names.chance(50)) {
          words.add("MKSTREAM");
        }
        return withEntriesRead(words);
      }
      case 2 -> {
        List<String> words = start("XGROUP", "SETID");
        words.add(names.chance(50) ? names.anyOf("0", "$") : names.anyId(words.get(2)));
        return withEntriesRead(words);
      }
      case 3 -> {
        return start("XGROUP", "DESTROY");
      }
      default -> {
        List<String> words = start("XGROUP", names.chance(60) ? "CREATECONSUMER" : "DELCONSUMER");
        words.add(names.consumer());
        return words;
      }
    }
  }

  private List<String> withEntriesRead(List<String> words) {
    if (names.chance(20)) {
      words.addAll(List.of("ENTRIESREAD", names.anyOf("0", "3", "-1", "-2", "x")));
    }
    return words;
  }

  private List<String> info() {
    if (names.chance(50)) {
      return List.of("XINFO", "GROUPS", names.stream());
    }
    return start("XINFO", "CONSUMERS");
  }
}
