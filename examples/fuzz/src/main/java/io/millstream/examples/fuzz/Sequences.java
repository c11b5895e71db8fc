package io.millstream.examples.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random sequences. A number makes one and always the same sequence. */
final class Sequences {
  private static final int LENGTH = 150;
  private static final List<String> BAD_WORDS =
      List.of("x", "-1", "", "0", "+", "-", "$", ">", "9223372036854775808", "COUNT", "1-1-1");

  private final Names names;
  private final StreamCommands streams;
  private final GroupCommands groups;
  private final ReadCommands reads;
  private final ScriptCommands scripts;
  private final List<Step> steps = new ArrayList<>();

  private Sequences(long seed) {
    names = new Names(new Random(seed));
    streams = new StreamCommands(names);
    groups = new GroupCommands(names);
    reads = new ReadCommands(names);
    scripts = new ScriptCommands(names);
  }

  /** Draws a sequence. */
  static List<Step> draw(long seed) {
    return new Sequences(seed).draw();
  }

  private List<Step> draw() {
    for (String stream : List.of("s1", "s2", Names.CLOCKED)) {
      for (String group : List.of("g1", "g2")) {
        if (names.chance(85)) {
          add(List.of("XGROUP", "CREATE", stream, group, "0", "MKSTREAM"));
        }
      }
    }
    // so that the dead letters that scripts write have ids which no clock gives
    add(List.of("XADD", "dlq", Names.FUTURE + "-0", "id", "none"));
    while (steps.size() < LENGTH) {
      int kind = names.below(100);
      if (kind < 2) {
        transaction();
      } else if (kind < 6) {
        steps.add(reads.blocking());
      } else if (kind < 7) {
        String client = "{client:" + (1 + names.below(Side.READERS)) + "}";
        add(List.of("CLIENT", "UNBLOCK", client, names.anyOf("TIMEOUT", "ERROR")));
      } else if (kind < 10) {
        add(spoilt(command()));
      } else {
        add(command());
      }
    }
    for (String stream : List.of("s1", "s2", Names.CLOCKED, "dlq")) {
      add(List.of("XINFO", "STREAM", stream, "FULL", "COUNT", "0"));
    }
    return List.copyOf(steps);
  }

  private void add(List<String> words) {
    steps.add(Step.of(words));
  }

  private void transaction() {
    add(List.of("MULTI"));
    for (int i = 1 + names.below(5); i > 0; i--) {
      add(names.chance(85) ? command() : reads.blocking().words());
    }
    add(List.of(names.chance(95) ? "EXEC" : "DISCARD"));
  }

  private List<String> command() {
    int kind = names.below(100);
    if (kind < 45) {
      return streams.draw();
    }
    if (kind < 62) {
      return reads.draw();
    }
    return kind < 92 ? groups.draw() : scripts.draw();
  }

  /**
   * With a word too few, too many or wrong. Scripts have arguments that nobody else gives, and only
   * one stream has ids of the clock.
   */
  private List<String> spoilt(List<String> words) {
    if (words.get(0).equals("EVALSHA")) {
      return words;
    }
    List<String> spoilt = new ArrayList<>(words);
    int at = names.below(words.size());
    if (at == 1 && words.contains("*")) {
      return words;
    }
    switch (names.below(3)) {
      case 0 -> spoilt.remove(at);
      case 1 -> spoilt.add(at, words.get(at));
      default -> spoilt.set(at, names.any(BAD_WORDS));
    }
    return spoilt.isEmpty() ? words : spoilt;
  }
}
