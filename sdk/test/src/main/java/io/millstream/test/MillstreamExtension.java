package io.millstream.test;

import io.millstream.Millstream;
import io.millstream.engine.memory.Faults;
import io.millstream.test.redis.InMemoryRedis;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives tests of JUnit Jupiter a {@link TestMillstream} each, as a parameter of the test, of its
 * {@code @BeforeEach} and {@code @AfterEach} methods (all get the same one) and, where each test
 * has an instance of its own, of the constructor. It is made when it is first asked for and closed
 * after the test, strictly if {@link WithMillstream} says so.
 *
 * <p>Parameters may be a {@link TestMillstream}, a {@link Millstream} (the same), its {@link
 * Faults}, or an {@link InMemoryRedis} (a Redis of its own in real time, on a free port). Works
 * with nested classes, either lifecycle, and tests in parallel, since no test shares anything with
 * another; {@code @BeforeAll} methods are refused for that reason. JUnit Jupiter is the user's to
 * bring: 5.12 or later.
 *
 * @since 0.1
 */
public final class MillstreamExtension implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(MillstreamExtension.class);

  /** What a test was given. JUnit would close by itself, and too late, what is AutoCloseable. */
  private static final class Given {
    private final WithMillstream wanted;
    private @Nullable TestMillstream millstream;
    private @Nullable InMemoryRedis redis;

    Given(WithMillstream wanted) {
      this.wanted = wanted;
    }

    TestMillstream millstream() {
      if (millstream == null) {
        millstream = TestMillstream.create(wanted.seed());
        if (wanted.strict()) {
          millstream.strict(wanted.allow());
        }
      }
      return millstream;
    }

    InMemoryRedis redis() {
      if (redis == null) {
        redis = InMemoryRedis.start();
      }
      return redis;
    }

    void close() {
      try {
        if (millstream != null) {
          millstream.close();
        }
      } finally {
        if (redis != null) {
          redis.close();
        }
      }
    }
  }

  /** What an extension without the annotation gives. */
  @WithMillstream
  private static final class Defaults {}

  /** For JUnit, which makes it. */
  public MillstreamExtension() {}

  /** A constructor's parameters belong to the test that the instance is made for. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == TestMillstream.class
        || type == Millstream.class
        || type == Faults.class
        || type == InMemoryRedis.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (context.getTestMethod().isEmpty()) {
      throw new ParameterResolutionException(
          type.getSimpleName()
              + " is for one test and closed after it: ask for it in the test or in @BeforeEach,"
              + " not in "
              + parameter.getDeclaringExecutable());
    }
    Given given = given(context);
    if (type == InMemoryRedis.class) {
      return given.redis();
    }
    return type == Faults.class ? given.millstream().faults() : given.millstream();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Given given = context.getStore(NAMESPACE).remove(Given.class, Given.class);
    if (given != null) {
      given.close();
    }
  }

  private static Given given(ExtensionContext context) {
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    Given given = store.get(Given.class, Given.class);
    if (given == null) {
      given = new Given(wanted(context));
      store.put(Given.class, given);
    }
    return given;
  }

  private static WithMillstream wanted(ExtensionContext test) {
    Optional<WithMillstream> nearest = Optional.empty();
    for (Optional<ExtensionContext> context = Optional.of(test);
        context.isPresent() && nearest.isEmpty();
        context = context.get().getParent()) {
      nearest = AnnotationSupport.findAnnotation(context.get().getElement(), WithMillstream.class);
    }
    WithMillstream wanted =
        nearest.orElseGet(() -> Defaults.class.getAnnotation(WithMillstream.class));
    if (wanted.allow().length > 0 && !wanted.strict()) {
      throw new ExtensionConfigurationException(
          "@WithMillstream: allow without strict = true, expected both or neither");
    }
    return wanted;
  }
}
