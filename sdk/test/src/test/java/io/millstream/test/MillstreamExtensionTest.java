package io.millstream.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.engine.memory.Faults;
import io.millstream.test.redis.InMemoryRedis;
import io.millstream.worker.Worker;
import io.millstream.worker.WorkerState;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import reactor.core.publisher.Mono;

/**
 * Runs classes of tests, which stand below and which no run but these finds, and looks at what
 * became of them.
 */
class MillstreamExtensionTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");

  /** What the tests below were given, in the order of asking. */
  private static final Queue<Object> given = new ConcurrentLinkedQueue<>();

  private static final Queue<Worker> workers = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void forget() {
    given.clear();
    workers.clear();
  }

  private static TestExecutionSummary run(Class<?> tests, String... configuration) {
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests));
    for (String parameter : configuration) {
      int equals = parameter.indexOf('=');
      request.configurationParameter(
          parameter.substring(0, equals), parameter.substring(equals + 1));
    }
    LauncherDiscoveryRequest built = request.build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(built, listener);
    return listener.getSummary();
  }

  private static void passes(int tests, Class<?> of, String... configuration) {
    TestExecutionSummary summary = run(of, configuration);
    assertThat(summary.getFailures())
        .as("failures")
        .extracting(TestExecutionSummary.Failure::getException)
        .isEmpty();
    assertThat(summary.getTestsSucceededCount()).isEqualTo(tests);
  }

  private static List<String> failures(Class<?> of) {
    return run(of).getFailures().stream()
        .map(failure -> failure.getException().getMessage())
        .toList();
  }

  private static Set<Object> different() {
    Set<Object> identities = ConcurrentHashMap.newKeySet();
    given.forEach(each -> identities.add(System.identityHashCode(each)));
    return identities;
  }

  static void take(TestMillstream millstream) {
    given.add(millstream);
    workers.add(millstream.worker(JOBS, "w").handle(m -> Mono.empty()).start());
    millstream.publish(JOBS, "one");
    millstream.advance(Duration.ofSeconds(1));
    MillstreamAssertions.assertThat(millstream).stream(JOBS).group("w").isDone();
    assertThat(millstream.group(JOBS, "w").deliveries())
        .as("what no other test has left")
        .hasSize(1);
  }

  @Test
  void eachTestHasOneOfItsOwnWhichIsClosedAfterIt() {
    passes(5, Plain.class);
    assertThat(different()).hasSize(5);
    assertThat(workers).hasSize(5).allMatch(worker -> worker.state() == WorkerState.STOPPED);
  }

  @WithMillstream
  static class Plain {
    @Test
    void one(TestMillstream millstream) {
      take(millstream);
    }

    @RepeatedTest(2)
    void again(TestMillstream millstream) {
      take(millstream);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void each(int number, TestMillstream millstream) {
      take(millstream);
    }
  }

  @Test
  void constructorAndMethodsOfATestGetTheSame() {
    passes(2, Everywhere.class);
    assertThat(given).hasSize(8);
    assertThat(different()).hasSize(2);
  }

  @WithMillstream
  static class Everywhere {
    Everywhere(TestMillstream millstream) {
      given.add(millstream);
    }

    @BeforeEach
    void before(TestMillstream millstream) {
      given.add(millstream);
    }

    @Test
    void test(Millstream millstream) {
      given.add(millstream);
    }

    @Test
    void other(Millstream millstream) {
      given.add(millstream);
    }

    @AfterEach
    void after(TestMillstream millstream) {
      millstream.publish(JOBS, "not closed yet");
      given.add(millstream);
    }
  }

  @Test
  void nestedTestsHaveThemTooWhateverTheLifecycle() {
    passes(3, Outer.class);
    assertThat(different()).hasSize(3);
    given.clear();
    passes(3, Outer.class, "junit.jupiter.testinstance.lifecycle.default=per_class");
    assertThat(different()).hasSize(3);
  }

  @WithMillstream
  static class Outer {
    @BeforeEach
    void before(TestMillstream millstream) {
      take(millstream);
    }

    @Test
    void outer(TestMillstream millstream) {
      given.add(millstream);
    }

    @Nested
    class Inner {
      @Test
      void inner(TestMillstream millstream) {
        given.add(millstream);
      }

      @Nested
      class Innermost {
        @Test
        void innermost(TestMillstream millstream) {
          given.add(millstream);
        }
      }
    }
  }

  @Test
  void testsInParallelShareNothing() {
    passes(
        40,
        Parallel.class,
        "junit.jupiter.execution.parallel.enabled=true",
        "junit.jupiter.execution.parallel.config.strategy=fixed",
        "junit.jupiter.execution.parallel.config.fixed.parallelism=8");
    assertThat(different()).hasSize(40);
  }

  @WithMillstream(strict = true)
  @TestInstance(Lifecycle.PER_CLASS)
  @Execution(ExecutionMode.CONCURRENT)
  static class Parallel {
    @RepeatedTest(20)
    void one(TestMillstream millstream) {
      take(millstream);
    }

    @RepeatedTest(20)
    void other(TestMillstream millstream) {
      take(millstream);
    }
  }

  @Test
  void aStrictTestFailsForWhatItLeavesBehindAndTheNearestAnnotationCounts() {
    assertThat(failures(Strict.class))
        .hasSize(2)
        .allMatch(message -> message.startsWith("strict: the test left behind"));
    assertThat(given).containsExactlyInAnyOrder("plain", "allowed", "lenient", "nested");
  }

  @WithMillstream(strict = true)
  static class Strict {
    private static void leave(TestMillstream millstream, String name) {
      given.add(name);
      millstream.publish(JOBS, "one");
      millstream.crashHolding(JOBS, "w", "gone", 1);
    }

    @Test
    void fails(TestMillstream millstream) {
      leave(millstream, "plain");
    }

    @Test
    @WithMillstream(strict = true, allow = Leftover.PENDING)
    void isAllowed(TestMillstream millstream) {
      leave(millstream, "allowed");
    }

    @Test
    @WithMillstream
    void isNotStrict(TestMillstream millstream) {
      leave(millstream, "lenient");
    }

    @Nested
    class Inner {
      @Test
      void failsToo(TestMillstream millstream) {
        leave(millstream, "nested");
      }
    }
  }

  @Test
  void anAnnotationOfOnesOwnMayCarryIt() {
    assertThat(failures(Composed.class)).hasSize(1).first().asString().startsWith("strict:");
  }

  @Retention(RetentionPolicy.RUNTIME)
  @WithMillstream(strict = true)
  @interface WorkerTest {}

  @WorkerTest
  static class Composed {
    @Test
    void fails(TestMillstream millstream) {
      Strict.leave(millstream, "composed");
    }
  }

  @Test
  void theExtensionAloneIsNotStrict() {
    passes(1, Alone.class);
  }

  @ExtendWith(MillstreamExtension.class)
  static class Alone {
    @Test
    void passes(TestMillstream millstream) {
      Strict.leave(millstream, "alone");
    }
  }

  @Test
  void theSeedDecidesNames() {
    passes(3, Seeds.class);
    assertThat(given.stream().collect(Collectors.groupingBy(name -> name)).values())
        .extracting(List::size)
        .containsExactlyInAnyOrder(1, 2);
  }

  @WithMillstream
  static class Seeds {
    private static void name(TestMillstream millstream) {
      given.add(millstream.worker(JOBS, "w").handle(m -> Mono.empty()).build().consumer());
    }

    @Test
    void byDefault(TestMillstream millstream) {
      name(millstream);
    }

    @Test
    @WithMillstream(seed = TestMillstream.DEFAULT_SEED)
    void theSame(TestMillstream millstream) {
      name(millstream);
    }

    @Test
    @WithMillstream(seed = 7)
    void another(TestMillstream millstream) {
      name(millstream);
    }
  }

  @Test
  void aTestIsGivenFaultsAndARedisOnAPortAsWell() {
    passes(1, Others.class);
    InMemoryRedis redis = (InMemoryRedis) given.element();
    URI uri = URI.create(redis.uri());
    assertThat(catchThrowable(() -> new Socket(uri.getHost(), uri.getPort()).close()))
        .as("its port is closed")
        .isInstanceOf(ConnectException.class);
  }

  @WithMillstream
  static class Others {
    @Test
    void test(TestMillstream millstream, Faults faults, InMemoryRedis redis) {
      given.add(redis);
      assertThat(faults).isSameAs(millstream.faults());
      assertThat(redis.server()).isNotSameAs(millstream.server());
    }
  }

  @Test
  void whatIsNotForOneTestIsRefused() {
    assertThat(failures(ForAll.class))
        .singleElement()
        .asString()
        .contains("TestMillstream is for one test and closed after it")
        .contains("beforeAll");
  }

  @WithMillstream
  static class ForAll {
    @BeforeAll
    static void beforeAll(TestMillstream millstream) {
      given.add(millstream);
    }

    @Test
    void test() {}
  }

  @Test
  void allowingWithoutBeingStrictIsRefused() {
    assertThat(failures(Contradiction.class))
        .singleElement()
        .asString()
        .contains("@WithMillstream: allow without strict = true");
  }

  @WithMillstream(allow = Leftover.PENDING)
  static class Contradiction {
    @Test
    void test(TestMillstream millstream) {
      given.add(millstream);
    }
  }
}
