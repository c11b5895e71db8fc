package io.millstream.examples.fuzz;

import io.millstream.engine.lettuce.StepScript;
import java.util.ArrayList;
import java.util.List;

/** EVALSHA of Millstream's own scripts, as the engine for Redis sends them. */
final class ScriptCommands {
  private static final String PARKING = "millstream.released";

  private final Names names;

  ScriptCommands(Names names) {
    this.names = names;
  }

  List<String> draw() {
    StepScript script = names.any(List.of(StepScript.values()));
    String stream = names.stream();
    boolean letter = script == StepScript.DEAD_LETTER;
    List<String> words = new ArrayList<>(List.of("EVALSHA", script.digest()));
    words.addAll(letter ? List.of("2", stream, "dlq") : List.of("1", stream));
    words.addAll(List.of(names.group(), names.consumer()));
    String id = names.id(stream);
    switch (script) {
      case REDELIVER -> {
        int count = 1 + names.below(3);
        words.addAll(List.of(id, id, "" + count, "" + (count + 1), id));
      }
      case RENEW -> words.addAll(List.of(id, id, id, expected()));
      case DEAD_LETTER -> {
        words.addAll(List.of(id, expected(), "id", names.anyOf("0", "1")));
        words.addAll(List.of("f", "v", "id", id));
      }
      case RELEASE ->
          words.addAll(List.of(PARKING, id, expected(), expected(), names.anyOf("0", "3600000")));
      case REMOVE_CONSUMER -> {
        // has said all
      }
      case TAKE_OVER ->
          words.addAll(
              List.of(
                  idle(), "0-0", "" + (1 + names.below(9)), names.anyOf("9999999999", "1"), "0"));
      case TAKE_RELEASED -> words.addAll(List.of(PARKING, idle(), "" + (1 + names.below(9))));
    }
    return words;
  }

  private String expected() {
    return "" + names.below(4);
  }

  private String idle() {
    return names.anyOf("0", "0", "1800000", "5400000");
  }
}
