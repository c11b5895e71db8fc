package io.millstream.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millstream.testing.Rule;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every rule of docs/redis-rules.md has a test in the contracts, and every test a rule there. */
class RulesTest {
  private static final Path RULES = Path.of("../../docs/redis-rules.md");
  private static final Pattern NUMBER = Pattern.compile("^(\\d+)\\. ", Pattern.MULTILINE);
  private static final String WIRE = "io.millstream.test.redis.WireContract";

  @Test
  void everyRuleHasATestThatNamesIt() throws IOException, ClassNotFoundException {
    SortedSet<Integer> rules =
        NUMBER
            .matcher(Files.readString(RULES))
            .results()
            .map(RulesTest::number)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(rules).hasSizeGreaterThan(70);
    assertThat(tested()).isEqualTo(rules);
  }

  private static int number(MatchResult match) {
    return Integer.parseInt(match.group(1));
  }

  private static SortedSet<Integer> tested() throws ClassNotFoundException {
    Stream<Class<?>> ofTheEngine =
        Arrays.stream(InMemoryRedisResp3EngineTest.class.getDeclaredClasses())
            .map(Class::getSuperclass);
    return Stream.concat(ofTheEngine, Stream.of(Class.forName(WIRE)))
        .flatMap(contract -> Arrays.stream(contract.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Test.class))
        .flatMapToInt(RulesTest::rules)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static IntStream rules(Method method) {
    Rule rule = method.getAnnotation(Rule.class);
    return rule == null ? IntStream.empty() : Arrays.stream(rule.value());
  }
}
