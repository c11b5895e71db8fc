package io.millstream;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.millstream.entry.EntryId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;

/** The house rules of the main code that no compiler knows. */
class ArchitectureTest {
  private static final String ROOT = "io.millstream";

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .importUrl(EntryId.class.getProtectionDomain().getCodeSource().getLocation());

  /** A package, and those of ours that it may import besides itself; the lowest floor first. */
  private static final Map<String, Set<String>> FLOORS = floors();

  /** Who may see a library that not everybody may. */
  private static final Map<String, Set<String>> LIBRARIES =
      Map.of(
          "tools.jackson", Set.of("codec"),
          "com.fasterxml.jackson", Set.of("codec"),
          "io.micrometer", Set.of("observe.micrometer"),
          "io.github.resilience4j", Set.of("policy", "guard"),
          // the front door takes a user's own client
          "io.lettuce", Set.of("engine.lettuce", ""),
          "io.netty", Set.of("engine.lettuce"));

  /** Libraries that everybody may see. */
  private static final List<String> COMMON =
      List.of("java", "org.jspecify", "org.reactivestreams", "org.slf4j", "reactor", ROOT);

  private static final Pattern CLOCKS =
      Pattern.compile(
          """
          java\\.lang\\.System\\.(currentTimeMillis|nanoTime)\
          |java\\.lang\\.Thread\\.sleep|java\\.util\\.concurrent\\.TimeUnit\\.sleep\
          |java\\.util\\.concurrent\\.locks\\.LockSupport\\.park(Nanos|Until)\
          |java\\.time\\.(Instant|(Local|Offset|Zoned)Date(Time)?|LocalTime|OffsetTime|Year|YearMonth)\\.now\
          |java\\.time\\.Clock\\.(system.*|tick.*)\
          |java\\.util\\.Date\\.<init>|java\\.util\\.Timer\\..*""");

  private static final Pattern CHANCE =
      Pattern.compile(
          """
          java\\.lang\\.Math\\.random|java\\.util\\.UUID\\.randomUUID|java\\.util\\.Random\\.<init>\
          |java\\.util\\.SplittableRandom\\.<init>|java\\.security\\.SecureRandom\\.<init>\
          |java\\.util\\.concurrent\\.ThreadLocalRandom\\.current""");

  /** Who has a source of chance by default, and takes another for tests. */
  private static final Set<String> CHANCE_BEGINS =
      Set.of(ROOT + ".LocalMillstream", ROOT + ".engine.lettuce.Settings");

  private static final Pattern REACTOR_TIME =
      Pattern.compile(
          """
          reactor\\.core\\.publisher\\.[A-Za-z]+\\.(elapsed|timestamp|timed)\
          |reactor\\.util\\.retry\\.Retry\\.(backoff|fixedDelay)""");

  private static Map<String, Set<String>> floors() {
    Map<String, Set<String>> floors = new LinkedHashMap<>();
    floors.put("entry", Set.of());
    floors.put("message", Set.of("entry"));
    floors.put("codec", Set.of("entry", "message"));
    floors.put("engine", Set.of("entry"));
    floors.put("engine.lettuce", Set.of("entry", "engine"));
    floors.put("engine.memory", Set.of("entry", "engine"));
    floors.put("policy", Set.of("message"));
    floors.put("guard", Set.of());
    floors.put("observe", Set.of("entry", "message"));
    floors.put("observe.micrometer", Set.of("entry", "message", "observe"));
    // The next three see the port and not what is behind it: which engine it is, and who listens,
    // is for the front door to choose.
    Set<String> seen = new TreeSet<>(floors.keySet());
    seen.removeAll(Set.of("engine.lettuce", "engine.memory", "observe.micrometer"));
    floors.put("publish", Set.copyOf(seen));
    seen.add("publish");
    floors.put("worker", Set.copyOf(seen));
    floors.put("admin", Set.copyOf(seen));
    floors.put("", Set.copyOf(floors.keySet()));
    return floors;
  }

  @Test
  void everyPackageStandsOnAFloor() {
    assertThat(MAIN.stream().map(ArchitectureTest::floor).collect(Collectors.toSet()))
        .contains("entry", "message", "codec", "engine", "policy", "observe", "publish", "worker")
        .isSubsetOf(FLOORS.keySet());
  }

  @Test
  void importsPointDownOnly() {
    assertThat(
            imports(
                step -> {
                  String from = floor(step.getOriginClass());
                  String to = floor(step.getTargetClass());
                  return inPackage(step.getTargetClass(), ROOT)
                      && !from.equals(to)
                      && !FLOORS.getOrDefault(from, Set.of()).contains(to);
                }))
        .isEmpty();
  }

  @Test
  void noPackageDependsOnItselfInACircle() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void aLibraryIsSeenOnlyWhereItBelongs() {
    assertThat(
            imports(
                step ->
                    LIBRARIES.entrySet().stream()
                        .anyMatch(
                            library ->
                                inPackage(step.getTargetClass(), library.getKey())
                                    && !library.getValue().contains(floor(step.getOriginClass())))))
        .isEmpty();
  }

  @Test
  void noOtherLibraryIsSeen() {
    List<String> known = Stream.concat(COMMON.stream(), LIBRARIES.keySet().stream()).toList();
    assertThat(
            imports(
                step -> {
                  JavaClass target = step.getTargetClass().getBaseComponentType();
                  return !target.isPrimitive()
                      && known.stream().noneMatch(name -> inPackage(target, name));
                }))
        .isEmpty();
  }

  @Test
  void allTimeIsTheSchedulers() {
    assertThat(calls(CLOCKS, access -> true)).isEmpty();
  }

  @Test
  void chanceComesFromOutside() {
    // A generator that is given its seed is no chance.
    assertThat(
            calls(
                CHANCE,
                access ->
                    !CHANCE_BEGINS.contains(access.getOriginOwner().getName())
                        && access.getTarget().getRawParameterTypes().isEmpty()))
        .isEmpty();
  }

  @Test
  void everyOperatorThatTakesTimeIsGivenAScheduler() {
    assertThat(
            Stream.concat(
                calls(REACTOR_TIME, access -> withoutScheduler(access)).stream(),
                calls(
                    Pattern.compile("reactor\\.core\\.publisher\\.[A-Za-z]+\\..+"),
                    access -> takes(access, Duration.class) && withoutScheduler(access))
                    .stream()))
        .isEmpty();
  }

  @Test
  void nothingIsPrinted() {
    assertThat(
            MAIN.stream()
                .flatMap(origin -> origin.getFieldAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().isEquivalentTo(System.class))
                .map(Object::toString))
        .isEmpty();
    assertThat(calls(Pattern.compile(".*\\.printStackTrace"), access -> true)).isEmpty();
  }

  private static List<String> imports(Predicate<Dependency> forbidden) {
    List<Dependency> all =
        MAIN.stream().flatMap(origin -> origin.getDirectDependenciesFromSelf().stream()).toList();
    assertThat(all).as("what the main code imports").hasSizeGreaterThan(1_000);
    return all.stream().filter(forbidden).map(Dependency::getDescription).toList();
  }

  private static List<String> calls(Pattern targets, Predicate<JavaCodeUnitAccess<?>> forbidden) {
    List<JavaCodeUnitAccess<?>> all =
        MAIN.stream().<JavaCodeUnitAccess<?>>flatMap(ArchitectureTest::calls).toList();
    assertThat(all).as("what the main code calls").hasSizeGreaterThan(1_000);
    return all.stream()
        .filter(access -> targets.matcher(name(access)).matches())
        .filter(forbidden)
        .map(JavaCodeUnitAccess::getDescription)
        .toList();
  }

  private static Stream<JavaCodeUnitAccess<?>> calls(JavaClass origin) {
    return origin.getCodeUnits().stream()
        .<JavaCodeUnitAccess<?>>flatMap(
            unit -> Stream.concat(unit.getCallsFromSelf().stream(), references(unit)));
  }

  private static Stream<JavaCodeUnitAccess<?>> references(JavaCodeUnit unit) {
    return Stream.concat(
        unit.getMethodReferencesFromSelf().stream(),
        unit.getConstructorReferencesFromSelf().stream());
  }

  private static String name(JavaCodeUnitAccess<?> access) {
    return access.getTargetOwner().getName() + "." + access.getName();
  }

  private static boolean withoutScheduler(JavaCodeUnitAccess<?> access) {
    return !takes(access, Scheduler.class);
  }

  private static boolean takes(JavaCodeUnitAccess<?> access, Class<?> parameter) {
    return access.getTarget().getRawParameterTypes().stream()
        .anyMatch(type -> type.isEquivalentTo(parameter));
  }

  /** The package without what all of ours begin with; the front door's is empty. */
  private static String floor(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(Math.min(name.length(), ROOT.length() + 1));
  }

  private static boolean inPackage(JavaClass type, String name) {
    return type.getPackageName().equals(name) || type.getPackageName().startsWith(name + ".");
  }
}
