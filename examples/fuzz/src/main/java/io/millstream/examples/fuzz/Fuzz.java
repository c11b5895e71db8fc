package io.millstream.examples.fuzz;

import io.millstream.examples.fuzz.Duel.Mismatch;
import io.millstream.test.redis.InMemoryRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import redis.embedded.RedisExecProvider;

/** Runs sequences until enough replies were compared, or two differ. */
final class Fuzz {
  private static final double NANOS = 1e9;

  private final Options options;
  private final RealServer real;
  private final List<Duel> duels; // under RESP2 and RESP3
  private final Differences differences;

  private Fuzz(Options options, RealServer real, List<Duel> duels, Differences differences) {
    this.options = options;
    this.real = real;
    this.duels = duels;
    this.differences = differences;
  }

  /** See the class. Ends with 0 only if no reply differed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(System.getProperties(), new SplittableRandom());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Path binary =
        options.binary().isPresent()
            ? options.binary().get()
            : RedisExecProvider.defaultProvider().get().toPath();
    boolean equal;
    try (RealServer real = RealServer.start(binary);
        InMemoryRedis memory = InMemoryRedis.start()) {
      Differences differences = new Differences(Difference.of(real));
      try (Duel resp2 = duel(2, real, memory, differences);
          Duel resp3 = duel(3, real, memory, differences)) {
        equal = new Fuzz(options, real, List.of(resp2, resp3), differences).run();
      }
    }
    System.exit(equal ? 0 : 1);
  }

  private static Duel duel(
      int protocol, RealServer real, InMemoryRedis memory, Differences differences)
      throws IOException {
    Side theirs = new Side(real.port(), protocol);
    Side ours = new Side(memory.port(), protocol);
    theirs.load(Scripts.bodies());
    ours.load(Scripts.bodies());
    return new Duel(ours, theirs, differences);
  }

  private boolean run() throws IOException {
    say(
        "seed %d, %d commands, the Redis in memory beside %s",
        options.seed(), options.commands(), real);
    long start = System.nanoTime();
    long sequences = 0;
    SplittableRandom seeds = new SplittableRandom(options.seed());
    while (compared() < options.commands()) {
      long seed = seeds.nextLong();
      int which = (int) (sequences % duels.size());
      List<Step> steps = Sequences.draw(seed);
      Optional<Mismatch> found = duels.get(which).run(steps);
      sequences++;
      if (found.isPresent()) {
        explain(duels.get(which), 2 + which, steps, found.get());
        say(
            "DIFFERENT: seed %d, sequence %d, after %d replies beside %s",
            options.seed(), sequences, compared(), real);
        return false;
      }
    }
    if (!differences.account().isEmpty()) {
      say("known differences: %s", String.join(", ", differences.account()));
    }
    if (!differences.absent().isEmpty()) {
      say("listed, and did not occur: %s", differences.absent());
    }
    say(
        "equal: %d replies of %d sequences beside %s, seed %d, %.1f s",
        compared(), sequences, real, options.seed(), (System.nanoTime() - start) / NANOS);
    return true;
  }

  private long compared() {
    return duels.stream().mapToLong(Duel::compared).sum();
  }

  private void explain(Duel duel, int protocol, List<Step> steps, Mismatch mismatch)
      throws IOException {
    say("replies differ; in memory first, then %s:", real);
    tell(mismatch);
    Optional<Mismatch> again = duel.run(steps);
    if (again.isEmpty()) {
      say("run again, the sequence makes no difference");
      return;
    }
    Shrinker shrinker = new Shrinker(duel, steps, again.get());
    List<Step> shrunk = shrinker.shrink();
    say("shrunk to %d commands:", shrunk.size());
    Script.of(shrunk, protocol).forEach(System.out::println);
    tell(shrinker.mismatch());
  }

  private static void tell(Mismatch mismatch) {
    say("  %s", Words.line(mismatch.words()));
    say("  < %s", mismatch.ours());
    say("  > %s", mismatch.theirs());
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
