package io.millstream.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.spring.MillstreamListener;
import io.millstream.spring.MillstreamRetry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors know of the properties. */
class MetadataTest {
  private static final Set<String> NOT_PROPERTIES = Set.of("id", "deadLettersOf", "retry");

  private static List<JsonNode> ours(String kind) throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (URL file :
        Collections.list(
            MetadataTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
      try (InputStream json = file.openStream()) {
        JsonNode metadata = JsonMapper.shared().readTree(json);
        metadata.path(kind).forEach(all::add);
      }
    }
    return all.stream()
        .filter(node -> node.path("name").asString("").startsWith("millstream."))
        .toList();
  }

  @Test
  void everyPropertyHasADescriptionThatEndsLikeASentence() throws IOException {
    assertThat(ours("properties"))
        .isNotEmpty()
        .allSatisfy(
            property ->
                assertThat(property.path("description").asString(""))
                    .as(property.path("name").asString())
                    .isNotBlank()
                    .endsWith("."));
  }

  @Test
  void everyAttributeOfTheAnnotationIsAPropertyOfAllListeners() throws IOException {
    List<String> names =
        ours("properties").stream().map(property -> property.path("name").asString("")).toList();
    assertThat(names)
        .containsAll(
            Stream.concat(
                    Arrays.stream(MillstreamListener.class.getDeclaredMethods())
                        .map(attribute -> attribute.getName())
                        .filter(name -> !NOT_PROPERTIES.contains(name))
                        .map(name -> "millstream.listener." + dashed(name)),
                    Arrays.stream(MillstreamRetry.class.getDeclaredMethods())
                        .map(
                            attribute ->
                                "millstream.listener.retry." + dashed(attribute.getName())))
                .toList())
        .contains("millstream.listeners");
  }

  @Test
  void defaultsAreTold() throws IOException {
    for (String[] wanted :
        new String[][] {
          {"millstream.enabled", "true"},
          {"millstream.engine", "redis"},
          {"millstream.auto-startup", "true"},
          {"millstream.fail-fast", "false"},
          {"millstream.fail-fast-timeout", "10s"},
          {"millstream.health.down-after", "60s"},
          {"millstream.health.hung-after", "30s"}
        }) {
      assertThat(ours("properties"))
          .anySatisfy(
              property -> {
                assertThat(property.path("name").asString()).isEqualTo(wanted[0]);
                assertThat(property.path("defaultValue").asString("")).isEqualTo(wanted[1]);
              });
    }
  }

  @Test
  void whereAGroupStartsIsHinted() throws IOException {
    assertThat(ours("hints"))
        .anySatisfy(
            hint -> {
              assertThat(hint.path("name").asString()).isEqualTo("millstream.listener.start-at");
              assertThat(Objects.toString(hint.path("values"))).contains("beginning", "end");
            });
  }

  private static String dashed(String name) {
    return DataObjectPropertyName.toDashedForm(name);
  }
}
