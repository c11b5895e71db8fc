package io.millstream.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.examples.docs.Documentation.Snippet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of the documentation find what they are for. */
class DocumentationCheckTest {
  @TempDir Path folder;

  private Documentation with(String page) throws IOException {
    Files.writeString(folder.resolve("page.md"), page);
    Files.writeString(
        folder.resolve("SomeTest.java"),
        """
        class SomeTest {
          void runs() {
            // snippet-start: greeting
            if (true) {
              greet();
            }
            // snippet-end
            // snippet-start: endless
          }
        }
        """);
    return new Documentation(folder, List.of(folder));
  }

  private Snippet snippet(String page) throws IOException {
    return with(page).snippets().get(0);
  }

  @Test
  void aBlockEqualsItsRegionWithoutTheIndentation() throws IOException {
    Snippet snippet =
        snippet(
            """
            <!-- snippet: SomeTest#greeting -->
            ```java
            if (true) {
              greet();
            }
            ```
            """);

    assertThat(snippet.shown()).isEqualTo(snippet.compiled());
  }

  @Test
  void aChangedBlockDiffersFromItsRegion() throws IOException {
    Snippet snippet =
        snippet(
            """
            <!-- snippet: SomeTest#greeting -->
            ```java
            if (false) {
              greet();
            }
            ```
            """);

    assertThat(snippet.shown()).isNotEqualTo(snippet.compiled());
  }

  @Test
  void aBlockWithoutAMarkerIsRefused() throws IOException {
    Snippet snippet = snippet("Some text\n\n```java\ngreet();\n```\n");

    assertThatThrownBy(snippet::compiled).hasMessageContaining("page.md:3");
  }

  @Test
  void oneMarkerDoesNotServeTwoBlocks() throws IOException {
    List<Snippet> snippets =
        with("""
                <!-- snippet: SomeTest#greeting -->
                ```java
                greet();
                ```
                ```java
                greet();
                ```
                """)
            .snippets();

    assertThatThrownBy(() -> snippets.get(1).compiled()).hasMessageContaining("page.md:5");
  }

  @Test
  void aRegionOrClassThatIsNotThereIsRefused() throws IOException {
    for (String marker : List.of("SomeTest#other", "SomeTest#endless", "OtherTest#greeting")) {
      Snippet snippet = snippet("<!-- snippet: " + marker + " -->\n```java\ngreet();\n```\n");

      assertThatThrownBy(snippet::compiled).as(marker).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aRegionIsRunOnlyByAClassWithTestsThatAreOn() throws IOException {
    String page = "<!-- snippet: SomeTest#greeting -->\n```java\ngreet();\n```\n";
    assertThat(snippet(page).isRun()).isFalse();

    Files.writeString(folder.resolve("SomeTest.java"), "class SomeTest {\n  @Test\n}\n");
    assertThat(new Documentation(folder, List.of(folder)).snippets().get(0).isRun()).isTrue();

    Files.writeString(folder.resolve("SomeTest.java"), "@Disabled\nclass SomeTest {\n  @Test\n}\n");
    assertThat(new Documentation(folder, List.of(folder)).snippets().get(0).isRun()).isFalse();
  }

  @Test
  void aBlockThatDoesNotSayItsLanguageIsFound() throws IOException {
    assertThat(with("```\ngreet();\n```\n").blocksWithoutLanguage()).hasSize(1);
    assertThat(with("```kotlin\ngreet()\n```\n").blocksWithoutLanguage()).hasSize(1);
    assertThat(with("```text\ngreet()\n```\n").blocksWithoutLanguage()).isEmpty();
  }

  @Test
  void brokenLinksAreFound() throws IOException {
    Documentation documentation =
        with(
            """
            # Why this page?
            [self](page.md), [heading](#why-this-page), [both](page.md#why-this-page),
            [elsewhere](https://example.org/nothing)
            [gone](gone.md), [no heading](page.md#nowhere)
            ```text
            [not a link](gone.md)
            ```
            """);

    assertThat(documentation.brokenLinks())
        .extracting(link -> link.substring(link.indexOf(": ") + 2))
        .containsExactly("gone.md", "page.md#nowhere");
  }
}
