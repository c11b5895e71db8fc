package io.millstream.worker;

import io.millstream.engine.AtomicSteps;
import io.millstream.engine.ConsumerInfo;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes consumers that are gone: those of processes that were killed, and that had no time to
 * leave their group. It takes one that has tried nothing for a day and has nothing pending, in an
 * atomic step that looks again. A worker that was paused for longer comes back with its next read.
 * What fails is left to the next look, or to others. Confined to the loop.
 */
final class Janitor {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private static final Duration EVERY = Duration.ofHours(1);
  private static final Duration GONE_AFTER = Duration.ofHours(24);

  /** In one look: the others can wait for the next. */
  private static final int MOST = 100;

  private final WorkerContext worker;

  Janitor(WorkerContext worker) {
    this.worker = worker;
  }

  /** Begins; the first look comes after an hour. */
  void start() {
    worker.loop().after(worker.jittered(EVERY), this::look);
  }

  private void look() {
    start();
    worker
        .loop()
        .ask(
            worker.groups().infoConsumers(worker.stream(), worker.group()),
            this::sweep,
            error -> {});
  }

  private void sweep(List<ConsumerInfo> consumers) {
    consumers.stream()
        .filter(this::looksGone)
        .map(ConsumerInfo::name)
        .limit(MOST)
        .forEach(this::remove);
  }

  private boolean looksGone(ConsumerInfo consumer) {
    return consumer.pending() == 0
        && consumer.idle().compareTo(GONE_AFTER) >= 0
        && !consumer.name().equals(worker.consumer())
        && !consumer.name().equals(AtomicSteps.RELEASED);
  }

  private void remove(String consumer) {
    worker
        .loop()
        .ask(
            worker
                .engine()
                .adminSteps()
                .removeIdleConsumer(worker.stream(), worker.group(), consumer, GONE_AFTER),
            gone -> {
              if (gone) {
                log.info("{}: removed the consumer {}, which is gone", worker.name(), consumer);
              }
            },
            error -> {});
  }
}
