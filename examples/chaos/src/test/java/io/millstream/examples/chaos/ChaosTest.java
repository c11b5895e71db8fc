package io.millstream.examples.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short ledger, with servers, workers and publishers for real. */
@Tag("trouble")
class ChaosTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"standalone", "sentinel", "cluster"})
  @Timeout(240)
  void losesNothingInAShortStorm(String topology) throws Exception {
    Map<String, String> options =
        Map.of(
            "seed",
            "1",
            "seconds",
            "10",
            "topology",
            topology,
            "folder",
            folder.toString(),
            "redis.binary",
            System.getProperty("redis.binary", ""));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, UTF_8);
    Progress progress = new Progress(out, System::currentTimeMillis);

    Account account = Chaos.run(Options.parse(options, new SplittableRandom()), progress);

    assertThat(account.balances()).as("%s%s", said.toString(UTF_8), account).isTrue();
    assertThat(account.published().answered()).as("published").isPositive();
    assertThat(account.dead().letters()).as("dead letters of poison").isPositive();
    assertThat(account.faults().count()).as("faults").isPositive();
    assertThat(account.faults().stopsChecked()).as("graceful stops looked at").isPositive();
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
        .as("processes that outlived their run")
        .isEmpty();
  }
}
