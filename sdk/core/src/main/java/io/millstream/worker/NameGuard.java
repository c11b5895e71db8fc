package io.millstream.worker;

import io.millstream.engine.ConsumerInfo;
import io.millstream.engine.RedisException;
import io.millstream.worker.Trouble.Duty;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a fixed name to one live process. A live worker does something under its name at least once
 * in each BLOCK or renewal period, and its idle time (XINFO CONSUMERS) falls back to zero; that of
 * a dead one only grows. So: if the name was seen a moment ago, watch it for as long as that.
 */
final class NameGuard {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private final WorkerContext worker;
  private final Runnable free;
  private final Consumer<String> taken;
  private final Duration alive;
  private Duration lastIdle = Duration.ZERO;
  private long since;
  private int fellBack;
  private boolean watching;

  NameGuard(WorkerContext worker, Runnable free, Consumer<String> taken) {
    this.worker = worker;
    this.free = free;
    this.taken = taken;
    WorkerSettings.Times times = worker.settings().times();
    Duration longest =
        times.block().compareTo(times.renewEvery()) > 0 ? times.block() : times.renewEvery();
    this.alive = longest.plusSeconds(1);
  }

  /** Looks until the name is known to be free or taken. */
  void check() {
    worker
        .loop()
        .ask(
            worker.groups().infoConsumers(worker.stream(), worker.group()),
            this::saw,
            (RedisException error) -> worker.attempts().failed(Duty.BOOTSTRAP, error, this::check));
  }

  private void saw(List<ConsumerInfo> consumers) {
    worker.attempts().succeeded(Duty.BOOTSTRAP);
    Optional<ConsumerInfo> us =
        consumers.stream().filter(each -> each.name().equals(worker.consumer())).findFirst();
    if (us.isEmpty() || us.get().idle().compareTo(alive) > 0) {
      free.run();
      return;
    }
    Duration idle = us.get().idle();
    if (!watching) {
      watching = true;
      since = worker.loop().nanos();
      log.info(
          "{}: this name was used {} ms ago, watching whether it is in use",
          worker.name(),
          idle.toMillis());
    } else if (idle.compareTo(lastIdle) < 0 && ++fellBack >= 2) {
      // once may be the last sign of a process that has just died
      taken.accept(
          "consumer: '"
              + worker.consumer()
              + "' is in use by another live process of group "
              + worker.group()
              + ", allowed: a name for one live process at a time");
      return;
    }
    lastIdle = idle;
    if (worker.loop().nanos() - since > alive.multipliedBy(4).toNanos()) {
      taken.accept(
          "consumer: '" + worker.consumer() + "' kept being used for too long to tell by whom");
      return;
    }
    worker.loop().after(LOOK_EVERY, this::check);
  }
}
