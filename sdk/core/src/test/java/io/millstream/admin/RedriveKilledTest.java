package io.millstream.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millstream.Millstream;
import io.millstream.codec.MessageStream;
import io.millstream.testing.TestRedis;
import java.io.File;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A redrive of ten thousand on a real server, by a process that is killed half-way. */
@Tag("redis")
class RedriveKilledTest {
  private static final int HALF = Mountain.LETTERS / 2;

  @Test
  void redriveThatIsKilledAndRunAgainLeavesOneRunnableCopyOfEach() throws Exception {
    try (Millstream millstream = Millstream.connect(TestRedis.uri())) {
      Mountain mountain = Mountain.on(millstream.engine(), TestRedis.key());
      Process operator = start(mountain.stream.name());
      try {
        await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(2))
            .until(() -> mountain.lettersLeft() <= HALF);
      } finally {
        operator.destroyForcibly().waitFor();
      }
      long left = mountain.lettersLeft();
      assertThat(left).as("what the killed process left").isBetween(1L, (long) HALF);

      RedriveProgress rest =
          Town.get(
              millstream.admin().redrive(mountain.stream, Mountain.GROUP, Redrive.all()).last());
      assertThat(rest.done()).isEqualTo(left);
      mountain.checkRedriven();
      System.out.println("redrive: killed with " + left + " of " + Mountain.LETTERS + " left");
    }
  }

  private static Process start(String key) throws Exception {
    return new ProcessBuilder(
            List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Operator.class.getName(),
                TestRedis.uri(),
                key))
        .inheritIO()
        .start();
  }

  /** The process that is killed; slow enough to be caught in the act. */
  static final class Operator {
    private Operator() {}

    public static void main(String[] args) {
      try (Millstream millstream = Millstream.connect(args[0])) {
        millstream
            .admin()
            .redrive(MessageStream.string(args[1]), Mountain.GROUP, Redrive.all().rate(5_000))
            .blockLast();
      }
    }
  }
}
