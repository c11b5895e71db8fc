package io.millstream.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millstream.engine.RedisException;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand dead letters go back, whatever happens meanwhile. For Redis, see RedriveKilledTest.
 */
class RedriveTest {
  private final Town town = new Town();
  private final Mountain mountain = Mountain.on(town.engine, "jobs");

  private RedriveProgress redrive() {
    return Town.get(town.admin.redrive(mountain.stream, Mountain.GROUP, Redrive.all()).last());
  }

  @Test
  void dryRunTellsWhatTheRedriveThenDoes() {
    RedriveProgress told =
        Town.get(
            town.admin.redrive(mountain.stream, Mountain.GROUP, Redrive.all().dryRun()).last());
    assertThat(mountain.lettersLeft()).isEqualTo(Mountain.LETTERS);
    RedriveProgress done = redrive();
    assertThat(done).isEqualTo(told);
    assertThat(done.counts()).isEqualTo(Mountain.FATES);
    mountain.checkRedriven();
  }

  @Test
  void redriveThatIsCutOffAgainAndAgainLeavesOneRunnableCopyOfEach() {
    int cuts = 0;
    while (mountain.lettersLeft() > 0 && cuts < 1_000) {
      // the first step takes effect, and nobody hears of it
      town.admin
          .redrive(mountain.stream, Mountain.GROUP, Redrive.all())
          .doOnNext(progress -> town.server.faults().loseReply("redrive", 1))
          .onErrorComplete()
          .blockLast();
      cuts++;
    }
    assertThat(cuts).isGreaterThan(50);
    mountain.checkRedriven();
  }

  @Test
  void redriveTellsThatItWasCutOff() {
    town.server.faults().loseReply("redrive", 1);
    assertThatThrownBy(this::redrive).isInstanceOf(RedisException.class);
    assertThat(mountain.lettersLeft()).isEqualTo(Mountain.LETTERS - 100);
  }
}
