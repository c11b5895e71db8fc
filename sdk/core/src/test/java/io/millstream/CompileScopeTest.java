package io.millstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What a user of the library gets with it, to the last artifact that the library names. */
class CompileScopeTest {
  // Surefire starts the tests in their module's folder
  private static final Path MODULE = Path.of("pom.xml").toAbsolutePath();
  private static final Path PARENT = Path.of("../../pom.xml").toAbsolutePath().normalize();

  @Test
  void aUserGetsFiveLibraries() throws Exception {
    assertThat(
            artifacts(MODULE, "[not(scope) or scope!='test'][not(optional) or optional!='true']"))
        .containsExactlyInAnyOrder(
            "io.github.resilience4j:resilience4j-core",
            "io.lettuce:lettuce-core",
            "io.projectreactor:reactor-core",
            "org.jspecify:jspecify",
            "org.slf4j:slf4j-api");
  }

  @Test
  void jsonMetersTracesAndGuardsAreForThoseWhoWantThem() throws Exception {
    assertThat(artifacts(MODULE, "[optional='true']"))
        .containsExactlyInAnyOrder(
            "io.github.resilience4j:resilience4j-circuitbreaker",
            "io.github.resilience4j:resilience4j-ratelimiter",
            "io.micrometer:context-propagation",
            "io.micrometer:micrometer-commons",
            "io.micrometer:micrometer-core",
            "io.micrometer:micrometer-observation",
            "tools.jackson.core:jackson-databind");
  }

  @Test
  void theParentAddsNone() throws Exception {
    assertThat(artifacts(PARENT, "")).isEmpty();
  }

  private static List<String> artifacts(Path pom, String predicate) throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
    XPath xpath = XPathFactory.newInstance().newXPath();
    NodeList found =
        (NodeList)
            xpath.evaluate(
                "/project//dependencies[not(ancestor::dependencyManagement)][not(ancestor::plugin)]"
                    + "/dependency"
                    + predicate,
                document,
                XPathConstants.NODESET);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      names.add(
          xpath.evaluate("groupId", found.item(i))
              + ":"
              + xpath.evaluate("artifactId", found.item(i)));
    }
    return names;
  }
}
