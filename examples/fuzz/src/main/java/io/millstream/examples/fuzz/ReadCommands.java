package io.millstream.examples.fuzz;

import java.util.ArrayList;
import java.util.List;

/** XREAD and XREADGROUP. */
final class ReadCommands {
  private static final String FOR_EVER = "0";

  private final Names names;

  ReadCommands(Names names) {
    this.names = names;
  }

  /** One that does not block. */
  List<String> draw() {
    return names.chance(82) ? readGroup("") : read("");
  }

  /** One that another connection sends, and that may wait for ever, or a little while. */
  Step blocking() {
    boolean shortly = names.chance(6);
    String block = shortly ? "3" : FOR_EVER;
    List<String> words = names.chance(75) ? readGroup(block) : read(block);
    return new Step(1 + names.below(Side.READERS), List.copyOf(words), shortly);
  }

  private List<String> readGroup(String block) {
    List<String> words = new ArrayList<>(List.of("XREADGROUP", "GROUP"));
    words.addAll(List.of(names.group(), names.consumer()));
    options(words, block);
    if (names.chance(10)) {
      words.add("NOACK");
    }
    boolean fresh = names.chance(block.isEmpty() ? 70 : 95);
    streams(words, fresh ? ">" : "");
    return words;
  }

  private List<String> read(String block) {
    List<String> words = new ArrayList<>(List.of("XREAD"));
    options(words, block);
    streams(words, names.chance(block.isEmpty() ? 20 : 80) ? names.anyOf("$", "$", "+") : "");
    return words;
  }

  private void options(List<String> words, String block) {
    if (names.chance(60)) {
      words.addAll(List.of("COUNT", names.count()));
    }
    if (!block.isEmpty()) {
      words.addAll(List.of("BLOCK", block));
    }
  }

  private void streams(List<String> words, String id) {
    int count = names.chance(75) ? 1 : 2;
    words.add("STREAMS");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String stream = names.stream();
      words.add(stream);
      boolean own = !id.isEmpty() && !names.chance(4);
      ids.add(own ? id : names.chance(50) ? "0" : names.anyId(stream));
    }
    words.addAll(ids);
  }
}
