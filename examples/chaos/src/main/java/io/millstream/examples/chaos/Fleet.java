package io.millstream.examples.chaos;

import io.millstream.examples.chaos.Diary.Cause;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The processes of a run. A worker that has ended, for whatever reason, is replaced. */
final class Fleet implements AutoCloseable {
  private static final Duration REPLACE_AFTER = Duration.ofMillis(300);

  /** Longer than a drain, and than an engine waits for a reply. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(25);

  private static final Duration START_WITHIN = Duration.ofSeconds(60);

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  /** Exit status of a JVM that SIGTERM has ended. */
  private static final int TERMINATED = 128 + 15;

  private final Topology topology;
  private final Options options;
  private final Path folder;
  private final Diary diary;
  private final Eyes eyes;
  private final ScheduledExecutorService afterwards = Executors.newScheduledThreadPool(2);

  private final @Nullable Child[] children = new @Nullable Child[Processes.ALL]; // guarded by this
  private final int[] incarnations = new int[Processes.ALL]; // guarded by this
  private boolean replacing = true; // guarded by this
  private boolean open = true; // guarded by this
  private int lookingAfter; // guarded by this

  Fleet(Topology topology, Options options, Path folder, Diary diary, Eyes eyes) {
    this.topology = topology;
    this.options = options;
    this.folder = folder;
    this.diary = diary;
    this.eyes = eyes;
  }

  /** Starts all; returns when they do their work. */
  void start() throws IOException {
    for (int number = 1; number <= Processes.ALL; number++) {
      spawn(number);
    }
    List<Child> all = living();
    if (!Waiting.until(START_WITHIN, LOOK_EVERY, () -> all.stream().allMatch(Child::works))) {
      throw new IllegalStateException("not all processes have started; their logs: " + folder);
    }
  }

  private synchronized void spawn(int number) throws IOException {
    if (!open || (Processes.isWorker(number) && !replacing)) {
      return;
    }
    int incarnation = ++incarnations[number - 1];
    Child child = Child.start(number, incarnation, topology.uri(number), options, folder);
    children[number - 1] = child;
    var unused = child.process().onExit().thenRun(() -> ended(child));
  }

  /** The present incarnation of a process, if it lives. */
  synchronized Optional<Child> child(int number) {
    return Optional.ofNullable(children[number - 1]).filter(Child::alive);
  }

  private synchronized List<Child> living() {
    List<Child> living = new ArrayList<>();
    Arrays.stream(children)
        .forEach(
            child -> {
              if (child != null && child.alive()) {
                living.add(child);
              }
            });
    return living;
  }

  /** The workers that live. */
  List<Child> workers() {
    return living().stream().filter(child -> Processes.isWorker(child.number())).toList();
  }

  private List<Child> publishers() {
    return living().stream().filter(child -> !Processes.isWorker(child.number())).toList();
  }

  private void ended(Child child) {
    synchronized (this) {
      if (!open) {
        return;
      }
      lookingAfter++;
    }
    int status = child.process().exitValue();
    Cause cause = cause(child, status);
    long from = child.fate() == Child.Fate.STOP ? child.askedMillis() : diary.now();
    diary.happened(cause, child.name(), from, Texts.ofEnd(child.name(), cause));
    try {
      if (Processes.isWorker(child.number())) {
        afterwards.execute(() -> lookAt(child, cause));
        var unused =
            afterwards.schedule(
                () -> replace(child.number()), REPLACE_AFTER.toMillis(), TimeUnit.MILLISECONDS);
      } else {
        lookedAt();
      }
    } catch (RejectedExecutionException e) {
      lookedAt(); // all is over
    }
  }

  private Cause cause(Child child, int status) {
    if (child.fate() == Child.Fate.DIE) {
      return Cause.KILL;
    }
    if (status == Deed.POISONED) {
      return Cause.POISON;
    }
    if (child.fate() != Child.Fate.STOP || status != TERMINATED) {
      diary.broken(child.name() + " ended by itself, with status " + status);
    }
    return Cause.STOP;
  }

  private void replace(int number) {
    try {
      spawn(number);
    } catch (IOException e) {
      diary.broken(Processes.name(number) + " could not be started again: " + e.getMessage());
    }
  }

  /** What stands under the name of one that has ended. */
  private void lookAt(Child child, Cause cause) {
    try {
      child.consumer().ifPresent(consumer -> lookAt(child, cause, consumer));
    } catch (RuntimeException e) {
      diary.broken("the driver could not look at what " + child.name() + " left: " + e);
    } finally {
      lookedAt();
    }
  }

  private void lookAt(Child child, Cause cause, String consumer) {
    List<Eyes.Row> rows = eyes.insist(look -> look.pending(consumer));
    if (cause == Cause.STOP && child.works()) {
      boolean inGroup = eyes.insist(look -> look.knows(consumer));
      diary.stopped(
          new Diary.Stop(child.name(), child.askedMillis(), diary.now(), rows.size(), inGroup));
    } else {
      diary.left(cause, child.name(), rows);
    }
  }

  private synchronized void lookedAt() {
    lookingAfter--;
  }

  private synchronized boolean atRest() {
    return lookingAfter == 0;
  }

  /** SIGTERM to the publishers; returns when they have ended. */
  void stopPublishers() {
    stop(publishers());
  }

  /** SIGTERM to the workers, which are not replaced any more; returns when they have ended. */
  void stopWorkers() {
    synchronized (this) {
      replacing = false;
    }
    stop(workers());
    if (!Waiting.until(STOP_WITHIN, LOOK_EVERY, this::atRest)) {
      diary.broken("the driver could not look at what was left");
    }
  }

  private void stop(List<Child> some) {
    some.forEach(child -> child.stop(diary.now()));
    boolean ended =
        Waiting.until(STOP_WITHIN, LOOK_EVERY, () -> some.stream().noneMatch(Child::alive));
    if (!ended) {
      some.stream()
          .filter(Child::alive)
          .forEach(child -> diary.broken(child.name() + " does not heed SIGTERM"));
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      open = false;
      Arrays.stream(children)
          .forEach(
              child -> {
                if (child != null) {
                  child.kill();
                }
              });
    }
    afterwards.shutdownNow();
  }
}
