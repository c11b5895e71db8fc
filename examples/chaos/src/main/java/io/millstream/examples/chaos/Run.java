package io.millstream.examples.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A run: its server, its processes, and all that happens to them. */
final class Run implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final Options options;
  private final Path folder;
  private final Progress progress;
  private final Diary diary;
  private final Topology topology;
  private final Eyes eyes;
  private final Fleet fleet;
  private final Storm storm;
  private final Watch watch;

  private Run(Options options, Progress progress) throws IOException {
    this.options = options;
    this.progress = progress;
    Files.createDirectories(options.folder());
    this.folder = Files.createTempDirectory(options.folder(), "seed-" + options.seed() + "-");
    this.diary = new Diary(System::currentTimeMillis);
    this.topology = Topology.start(options, folder.resolve("redis").toAbsolutePath());
    this.eyes = new Eyes(topology.uri());
    this.fleet = new Fleet(topology, options, folder, diary, eyes);
    this.storm = new Storm(topology, fleet, eyes, diary, progress);
    this.watch = new Watch(eyes, fleet, diary);
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end-run"));
  }

  /** Starts the server and all processes. */
  static Run start(Options options, Progress progress) throws IOException {
    Run run = new Run(options, progress);
    progress.print(
        String.format(
            "%s and %s, %s, %s, seed %d; ledgers in %s",
            Texts.count(Processes.PUBLISHERS, "publisher"),
            Texts.count(Processes.WORKERS, "worker"),
            run.eyes.server(),
            options.topology(),
            options.seed(),
            run.folder));
    run.fleet.start();
    run.watch.start();
    return run;
  }

  /** What is to go wrong. */
  Plan plan() {
    return Plan.draw(options.seed(), options.length(), topology::can);
  }

  /** Lets all faults of the plan happen while messages are published. */
  void through(Plan plan) {
    storm.rage(plan, options.length());
    fleet.stopPublishers();
  }

  /** Waits until nothing is left to do, or the time for it is up; then stops the workers. */
  void settle() {
    progress.say("the faults are over; what is left is handled");
    if (!Waiting.until(Rules.SETTLE, LOOK_EVERY, this::settled)) {
      progress.say("it does not settle");
    }
    watch.close();
    fleet.stopWorkers();
    progress.say("the workers have stopped");
  }

  private boolean settled() {
    return eyes.ask(look -> look.unread().isEmpty() && look.pending().isEmpty()).orElse(false);
  }

  /** Who did what, and what is left. */
  History history() throws IOException {
    Files.write(folder.resolve("diary.txt"), diary.text());
    List<Line> lines = LedgerReader.readAll(folder);
    Map<String, Job> jobs = eyes.insist(Eyes::jobs);
    return new History(
        lines,
        diary,
        jobs,
        eyes.insist(Eyes::letters),
        eyes.insist(Eyes::pending),
        eyes.insist(Eyes::unread));
  }

  /** Ends everything that still runs, however far it has come. */
  @Override
  public void close() {
    watch.close();
    storm.close();
    fleet.close();
    topology.close();
    eyes.close();
  }
}
