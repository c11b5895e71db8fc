package io.millstream.examples.docs;

import io.millstream.examples.docs.Markdown.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All pages below a folder, held against the test classes below others.
 *
 * <p>A Java block says in the line before it where it comes from, {@code <!-- snippet:
 * ReadmeTest#quickstart -->}, and is, but for the indentation, what stands in the test class {@code
 * ReadmeTest} between {@code // snippet-start: quickstart} and {@code // snippet-end}.
 */
final class Documentation {
  private static final Pattern MARKER =
      Pattern.compile("<!-- snippet: ([A-Za-z]+Test)#([a-z0-9-]+) -->");
  private static final Set<String> LANGUAGES =
      Set.of("bash", "java", "json", "lua", "mermaid", "properties", "text", "xml", "yaml");
  private static final Set<String> NOT_OURS = Set.of(".git", "target", "node_modules");

  private final List<Markdown> pages;
  private final List<Path> testSources;

  Documentation(Path folder, List<Path> testSources) throws IOException {
    this.testSources = testSources;
    List<Markdown> found = new ArrayList<>();
    for (Path file : files(folder, ".md")) {
      found.add(Markdown.read(file));
    }
    this.pages = found;
  }

  List<Markdown> pages() {
    return pages;
  }

  /** Every Java block with the test class that it comes from. */
  List<Snippet> snippets() {
    return pages.stream()
        .flatMap(
            page ->
                page.blocks().stream()
                    .filter(block -> block.language().equals("java"))
                    .map(block -> new Snippet(page.file(), block)))
        .toList();
  }

  /** Blocks of no known language: Java could hide in them. */
  List<String> blocksWithoutLanguage() {
    return pages.stream()
        .flatMap(
            page ->
                page.blocks().stream()
                    .filter(block -> !LANGUAGES.contains(block.language()))
                    .map(
                        block -> page.file() + ":" + block.line() + ": '" + block.language() + "'"))
        .toList();
  }

  /** Links to files, or to headings of files, that do not exist. */
  List<String> brokenLinks() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Markdown page : pages) {
      for (String link : page.links()) {
        if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
          broken.add(page.file() + ": " + link);
        }
      }
    }
    return broken;
  }

  private static boolean leadsSomewhere(Markdown page, String link) throws IOException {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? page.file() : page.file().resolveSibling(path);
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0 || Markdown.read(target).anchors().contains(link.substring(hash + 1));
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(ending))
          .filter(
              file ->
                  Stream.iterate(file, Path::getParent)
                      .takeWhile(part -> !part.equals(folder))
                      .noneMatch(part -> NOT_OURS.contains(part.getFileName().toString())))
          .sorted()
          .toList();
    }
  }

  /** A Java block of a page. */
  final class Snippet {
    private final String place;
    private final Block block;

    Snippet(Path file, Block block) {
      this.place = file.getFileName() + ":" + block.line();
      this.block = block;
    }

    /** As the page shows it. */
    String shown() {
      return String.join("\n", block.lines()).stripTrailing();
    }

    /** As it was compiled. */
    String compiled() throws IOException {
      List<String> region = new ArrayList<>();
      boolean inside = false;
      boolean found = false;
      for (String line : Files.readAllLines(source())) {
        if (line.strip().equals("// snippet-start: " + marker().group(2))) {
          inside = true;
          found = true;
        } else if (line.strip().equals("// snippet-end")) {
          inside = false;
        } else if (inside) {
          region.add(line);
        }
      }
      if (!found || inside) {
        throw new IllegalStateException(this + ": no such region in " + source());
      }
      // a blank last line would count as one without indentation
      return String.join("\n", region).stripTrailing().stripIndent().stripTrailing();
    }

    /** Whether it lies in a class with tests, none of them switched off. */
    boolean isRun() throws IOException {
      String code = Files.readString(source());
      return code.contains("  @Test\n") && !code.contains("@Disabled");
    }

    private Path source() throws IOException {
      String name = marker().group(1) + ".java";
      List<Path> named = new ArrayList<>();
      for (Path sources : testSources) {
        files(sources, ".java").stream().filter(file -> file.endsWith(name)).forEach(named::add);
      }
      if (named.size() != 1) {
        throw new IllegalStateException(this + ": expected one " + name + ", found " + named);
      }
      return named.get(0);
    }

    private Matcher marker() {
      Matcher matcher = MARKER.matcher(block.before() == null ? "" : block.before());
      if (!matcher.matches()) {
        throw new IllegalStateException(
            this + ": expected <!-- snippet: SomeTest#region --> before the block");
      }
      return matcher;
    }

    @Override
    public String toString() {
      return place;
    }
  }
}
