package io.millstream.examples.chaos;

import java.io.IOException;
import java.util.SplittableRandom;

/**
 * Publishes messages and lets workers handle them while they, their connections and their Redis are
 * killed, frozen and cut off as a seed will have it; then accounts for every message.
 *
 * <p>Options: {@code -Dseed}, {@code -Dseconds}, {@code -Dtopology}, {@code -Dredis.binary}. Ends
 * with 0 only if nothing was lost and every invariant held.
 */
public final class Chaos {
  private Chaos() {}

  /** See the class. */
  public static void main(String[] args) {
    System.exit(run());
  }

  private static int run() {
    Progress progress = new Progress(System.out, System::currentTimeMillis);
    try {
      Options options = Options.parse(System.getProperties(), new SplittableRandom());
      Account account = run(options, progress);
      progress.print(account);
      return account.balances() ? 0 : 1;
    } catch (IllegalArgumentException | IllegalStateException | IOException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  /** Plan, run, settle, account. */
  static Account run(Options options, Progress progress) throws IOException {
    try (Run run = Run.start(options, progress)) {
      Plan plan = run.plan();
      run.through(plan);
      run.settle();
      return Audit.account(options.seed(), plan, run.history());
    }
  }
}
