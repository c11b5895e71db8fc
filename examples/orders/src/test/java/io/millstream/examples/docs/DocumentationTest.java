package io.millstream.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.examples.docs.Documentation.Snippet;
import io.millstream.examples.docs.Markdown.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the pages of docs/ say what is so. */
class DocumentationTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path ROOT =
      Stream.iterate(MODULE, Path::getParent)
          .filter(folder -> Files.exists(folder.resolve("mvnw")))
          .findFirst()
          .orElseThrow();

  private static Documentation documentation() throws IOException {
    return new Documentation(
        ROOT,
        List.of(
            MODULE.resolve("src/test/java"), ROOT.resolve("examples/spring-orders/src/test/java")));
  }

  static List<Snippet> snippets() throws IOException {
    return documentation().snippets();
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void everyJavaBlockIsCompiledAndRunByATest(Snippet snippet) throws Exception {
    assertThat(snippet.shown()).isEqualTo(snippet.compiled());
    assertThat(snippet.isRun()).isTrue();
  }

  @Test
  void everyBlockSaysItsLanguage() throws IOException {
    assertThat(documentation().blocksWithoutLanguage()).isEmpty();
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    assertThat(documentation().brokenLinks()).isEmpty();
  }

  @Test
  void theReadmeHasASnippetAndTwoSetUpCommands() throws IOException {
    List<Block> blocks = Markdown.read(ROOT.resolve("README.md")).blocks();

    assertThat(blocks).extracting(Block::language).contains("java");
    Block setUp =
        blocks.stream()
            .filter(block -> Set.of("bash").contains(block.language()))
            .findFirst()
            .orElseThrow();
    assertThat(setUp.lines().stream().map(line -> line.replaceFirst("\\s*#.*", "")))
        .containsExactly("./mvnw -q -Pdemo", "./mvnw verify");
  }
}
