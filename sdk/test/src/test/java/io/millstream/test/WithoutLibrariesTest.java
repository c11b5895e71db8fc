package io.millstream.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.codec.MessageStream;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Who has neither JUnit nor AssertJ has the rest of the kit. */
class WithoutLibrariesTest {
  private static final MessageStream<String> JOBS = MessageStream.string("jobs");

  /** What is run without them; public for the class loader that has them not. */
  public static final class Use implements Runnable {
    @Override
    public void run() {
      try (TestMillstream millstream = TestMillstream.create().strict(Leftover.FAILURES)) {
        millstream.worker(JOBS, "w").handle(m -> Mono.error(new IllegalStateException())).start();
        millstream.publish(JOBS, "one");
        millstream.advance(Duration.ofHours(1));
        if (millstream.group(JOBS, "w").deadLetters().size() != 1) {
          throw new IllegalStateException(millstream.group(JOBS, "w").toString());
        }
      }
    }
  }

  /** What cannot be run without them. */
  public static final class Misuse implements Runnable {
    @Override
    public void run() {
      try (TestMillstream millstream = TestMillstream.create()) {
        MillstreamAssertions.assertThat(millstream).isNotNull();
      }
    }
  }

  private static void runWithoutThem(Class<? extends Runnable> what) throws Throwable {
    List<URL> path = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!element.matches(".*(junit|assertj|opentest4j|console)[^/\\\\]*\\.jar")) {
        path.add(Path.of(element).toUri().toURL());
      }
    }
    try (URLClassLoader bare =
        new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> loaded = bare.loadClass(what.getName());
      assertThat(loaded).isNotSameAs(what);
      loaded.getMethod("run").invoke(loaded.getConstructor().newInstance());
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Test
  void aWorkerIsTestedWithNeitherJUnitNorAssertJ() throws Throwable {
    runWithoutThem(Use.class);
  }

  @Test
  void theyAreReallyMissing() {
    assertThatThrownBy(() -> runWithoutThem(Misuse.class))
        .isInstanceOf(NoClassDefFoundError.class)
        .hasMessageContaining("assertj");
  }
}
