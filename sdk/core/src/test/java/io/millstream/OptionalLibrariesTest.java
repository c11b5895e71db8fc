package io.millstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millstream.codec.MessageStream;
import io.millstream.testing.ClassLoaderWithout;
import io.millstream.worker.WorkerBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What works without the libraries that are optional at run time. */
class OptionalLibrariesTest {
  private final ClassLoader bare =
      new ClassLoaderWithout(
          "io.github.resilience4j.circuitbreaker.",
          "io.github.resilience4j.ratelimiter.",
          "io.micrometer.",
          "tools.jackson.",
          "com.fasterxml.jackson.");

  /** Handles one message in memory; run by reflection, so that it sees only what is there. */
  public static final class OneMessage {
    private OneMessage() {}

    /** What was handled. */
    public static String run() {
      Sinks.One<String> seen = Sinks.one();
      try (Millstream millstream = Millstream.inMemory()) {
        MessageStream<String> jobs = MessageStream.string("jobs");
        millstream
            .worker(jobs, "workers")
            .handle(
                message -> {
                  seen.tryEmitValue(message.payload());
                  return Mono.empty();
                })
            .start();
        millstream.publisher(jobs).publish("one").block();
        return String.valueOf(seen.asMono().block(Duration.ofSeconds(30)));
      }
    }
  }

  @Test
  void aWorkerWorksWithoutThem() throws Exception {
    Class<?> type = bare.loadClass(OneMessage.class.getName());
    assertThat(type.getClassLoader()).isSameAs(bare);
    assertThat(type.getMethod("run").invoke(null)).isEqualTo("one");
  }

  @Test
  void theBuildersMethodsCanBeLookedAtWithoutThem() throws Exception {
    assertThat(bare.loadClass(WorkerBuilder.class.getName()).getMethods()).isNotEmpty();
    assertThat(bare.loadClass(Millstream.class.getName()).getMethods()).isNotEmpty();
  }

  @Test
  void theyAreReallyMissingHere() {
    for (Class<?> optional :
        new Class<?>[] {CircuitBreaker.class, RateLimiter.class, MeterRegistry.class}) {
      assertThatThrownBy(() -> bare.loadClass(optional.getName()))
          .isInstanceOf(ClassNotFoundException.class);
    }
  }
}
