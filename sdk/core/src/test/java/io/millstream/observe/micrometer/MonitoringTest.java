package io.millstream.observe.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.memory.InMemoryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The meters on the page, in the dashboard and in the alert rules, held against the real ones. */
class MonitoringTest {
  private static final Path DOCS = docs();
  private static final Pattern METER = Pattern.compile("\\bmillstream_[a-z0-9_]+");
  private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");

  private static final PrometheusMeterRegistry REGISTRY =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private static final Set<String> SAMPLES = new TreeSet<>();
  private static final Set<String> ROWS = new TreeSet<>();

  private static Path docs() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("docs/operations.md"))) {
        return at.resolve("docs");
      }
    }
    throw new IllegalStateException("docs/operations.md is not there");
  }

  /** A worker and a publisher that have done something, and what their meters are. */
  @BeforeAll
  static void work() {
    MessageStream<String> orders = MessageStream.string("orders");
    InMemoryServer server = InMemoryServer.create(Schedulers.parallel());
    try (Millstream millstream = Millstream.inMemory(server, new MicrometerObserver(REGISTRY))) {
      millstream.worker(orders, "billing").handle(message -> Mono.empty()).start();
      millstream.publisher(orders).publish("one").block();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> REGISTRY.find("millstream.group.lag").gauge() != null);
      await().until(() -> REGISTRY.get("millstream.acked").counter().count() == 1);
      REGISTRY.getMeters().stream().map(MonitoringTest::row).forEach(ROWS::add);
      REGISTRY
          .scrape()
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.replaceFirst("[{ ].*", ""))
          .forEach(SAMPLES::add);
    }
  }

  @AfterAll
  static void close() {
    REGISTRY.close();
  }

  /** As a row of the table begins. */
  private static String row(Meter meter) {
    String type =
        switch (meter.getId().getType()) {
          case DISTRIBUTION_SUMMARY -> "summary";
          default -> meter.getId().getType().name().toLowerCase(Locale.ROOT);
        };
    Set<String> tags =
        meter.getId().getTags().stream()
            .map(Tag::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> order = Stream.of("stream", "group", "outcome").filter(tags::remove).toList();
    assertThat(tags).as("tags nobody thought of").isEmpty();
    return "| `"
        + meter.getId().getName()
        + "` | `"
        + prometheusName(meter)
        + "` | "
        + type
        + " | "
        + order.stream().map(tag -> "`" + tag + "`").collect(Collectors.joining(", "))
        + " |";
  }

  private static String prometheusName(Meter meter) {
    String name =
        REGISTRY
            .config()
            .namingConvention()
            .name(meter.getId().getName(), meter.getId().getType(), meter.getId().getBaseUnit());
    return meter.getId().getType() == Meter.Type.COUNTER ? name + "_total" : name;
  }

  @Test
  void theTableHasAllMetersAndNoOther() throws IOException {
    List<String> page = Files.readAllLines(DOCS.resolve("operations.md"));
    List<String> table =
        page.subList(page.indexOf("<!-- meters -->") + 3, page.size()).stream()
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> line.substring(0, line.lastIndexOf("| ", line.length() - 2) + 1))
            .toList();

    assertThat(table).hasSizeGreaterThan(15).containsExactlyInAnyOrderElementsOf(ROWS);
  }

  @Test
  void theNamesInThePrometheusColumnAreThoseOfTheScrape() {
    assertThat(ROWS)
        .allSatisfy(
            row -> {
              String name = row.split("`", -1)[3];
              assertThat(SAMPLES).anyMatch(sample -> sample.matches(name + "(_count|_sum|_max)?"));
            });
  }

  @Test
  void theDashboardAsksOnlyForWhatThereIs() throws IOException {
    JsonNode dashboard =
        JsonMapper.shared()
            .readTree(Files.readString(DOCS.resolve("monitoring/grafana-dashboard.json")));
    List<String> asked = new ArrayList<>(dashboard.findValuesAsString("expr"));
    assertThat(asked).hasSizeGreaterThan(15);
    dashboard
        .path("templating")
        .path("list")
        .forEach(variable -> asked.add(variable.path("query").toString()));

    assertThat(asked).allSatisfy(MonitoringTest::isAnswered);
    assertThat(StreamSupport.stream(dashboard.path("panels").spliterator(), false))
        .extracting(panel -> panel.path("title").asString())
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(10);
  }

  @Test
  void theDashboardShowsEveryMeter() throws IOException {
    assertThat(families(Files.readString(DOCS.resolve("monitoring/grafana-dashboard.json"))))
        .containsExactlyInAnyOrderElementsOf(families(String.join(" ", SAMPLES)));
  }

  private static Set<String> families(String text) {
    Set<String> names = new TreeSet<>();
    for (Matcher matcher = METER.matcher(text); matcher.find(); ) {
      names.add(matcher.group().replaceFirst("_(sum|count|max)$", ""));
    }
    return names;
  }

  @Test
  void theAlertsAskOnlyForWhatThereIsAndStandOnThePage() throws IOException {
    List<Map<String, Object>> rules = rules();
    String page = Files.readString(DOCS.resolve("operations.md"));

    assertThat(rules).hasSizeGreaterThanOrEqualTo(5);
    for (Map<String, Object> rule : rules) {
      isAnswered(String.valueOf(rule.get("expr")));
      assertThat(page).contains("| `" + rule.get("alert") + "` |");
      assertThat(rule).containsKeys("labels", "annotations");
    }
    assertThat(rules.stream().map(rule -> String.valueOf(rule.get("expr"))))
        .as("what the issue asks for")
        .anyMatch(expr -> expr.contains("millstream_group_lag"))
        .anyMatch(expr -> expr.contains("millstream_group_oldest_pending_age_seconds"))
        .anyMatch(expr -> expr.contains("millstream_dead_letters_total"))
        .anyMatch(expr -> expr.contains("millstream_leases_lost_total"))
        .anyMatch(expr -> expr.contains("millstream_loop_age_seconds"));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> rules() throws IOException {
    Map<String, List<Map<String, Object>>> file =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(Files.readString(DOCS.resolve("monitoring/prometheus-alerts.yml")));
    return file.get("groups").stream()
        .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
        .toList();
  }

  private static void isAnswered(String expression) {
    for (Matcher meter = METER.matcher(expression); meter.find(); ) {
      assertThat(SAMPLES).contains(meter.group());
    }
    for (Matcher by = BY.matcher(expression); by.find(); ) {
      // instance is Prometheus's own
      assertThat(by.group().replaceFirst("^by \\((.*)\\)$", "$1").split(", ", -1))
          .isSubsetOf("stream", "group", "outcome", "instance");
    }
    assertThat(expression.chars().filter(c -> c == '(').count())
        .as("brackets of " + expression)
        .isEqualTo(expression.chars().filter(c -> c == ')').count());
  }
}
