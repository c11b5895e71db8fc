package io.millstream.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the checks need to know of a page: its fenced blocks, its headings, its links. */
record Markdown(Path file, List<Block> blocks, List<String> anchors, List<String> links) {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)[^)]*\\)");

  /**
   * A fenced block.
   *
   * @param language the word behind the fence, or empty
   * @param before the last line before the fence that is not blank, or null
   * @param line where the fence is
   */
  record Block(String language, @Nullable String before, int line, List<String> lines) {}

  static Markdown read(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> anchors = new ArrayList<>();
    List<String> links = new ArrayList<>();
    Block open = null;
    String before = null;
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (open != null) {
        if (line.strip().equals("```")) {
          blocks.add(open);
          open = null;
          before = null;
        } else {
          open.lines().add(line);
        }
      } else if (line.strip().startsWith("```")) {
        open = new Block(line.strip().substring(3), before, number, new ArrayList<>());
      } else {
        if (line.startsWith("#")) {
          anchors.add(anchor(line));
        }
        Matcher link = LINK.matcher(line.replaceAll("`[^`]*`", ""));
        while (link.find()) {
          links.add(link.group(1));
        }
        before = line.isBlank() ? before : line.strip();
      }
    }
    if (open != null) {
      throw new IllegalStateException(file + ":" + open.line() + ": the block has no end");
    }
    return new Markdown(file, blocks, anchors, links);
  }

  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+\\s*", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .strip()
        .replace(' ', '-');
  }
}
