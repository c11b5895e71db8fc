package io.millstream.worker;

import io.millstream.engine.ConnectionEvent;
import io.millstream.engine.RedisException;
import io.millstream.guard.Guard;
import io.millstream.worker.Trouble.Duty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The life of one worker: gets through to Redis, works, pauses, comes through trouble, stops. What
 * it is made of, and how that hangs together, is in {@link Road}. Everything here runs on the loop.
 */
final class WorkerRuntime implements Trouble.Listener, Gate.Next {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final WorkerContext worker;
  private final Lifecycle lifecycle;
  private final Disposable resources;
  private final Road road;
  private final Disposable.Swap events = Disposables.swap();
  private boolean started;
  private boolean stopping;
  private boolean ended;
  private boolean wasDisconnected;
  private @Nullable String failure;

  /**
   * A worker, not yet started.
   *
   * @param resources what is let go when it has ended
   */
  WorkerRuntime(
      WorkerContext worker,
      Invoker invoker,
      Guard guard,
      Lifecycle lifecycle,
      Disposable resources) {
    this.worker = worker;
    this.lifecycle = lifecycle;
    this.resources = resources;
    this.road = new Road(worker, invoker, new Gate(worker.loop(), guard, this), lifecycle);
    this.road.whenDrained(this::end);
  }

  /**
   * Gets through to Redis, sees to the group, the name and the dead letters, takes up what is
   * pending under the name, and begins to read.
   */
  void start() {
    if (stopping) {
      return;
    }
    lifecycle.refresh();
    events.update(
        worker
            .engine()
            .events()
            .subscribe(
                event -> worker.loop().execute(() -> connection(event)),
                error -> {},
                () -> worker.loop().execute(this::engineClosed)));
    road.group().ensure(() -> new DeadLetterCheck(worker).pass(this::checkName));
  }

  private void checkName() {
    if (worker.settings().membership().fixedName() == null) {
      join();
    } else {
      new NameGuard(worker, this::join, this::refuse).check();
    }
  }

  private void join() {
    if (stopping || ended) {
      return;
    }
    started = true;
    lifecycle.running();
    log.info("{}: running", worker.name());
    road.begin();
  }

  private void refuse(String why) {
    log.error("{}: {}", worker.name(), why);
    failure = why;
    end();
  }

  // --- trouble

  /** After any trouble: hold on to what is held before looking at what others seem to have left. */
  private void connection(ConnectionEvent event) {
    switch (event) {
      case DISCONNECTED -> {
        wasDisconnected = true;
        worker
            .attempts()
            .met(
                Duty.CONNECTION,
                new RedisException(RedisException.CONNECTION, "the connection was lost"));
      }
      case CONNECTED -> {
        worker.attempts().succeeded(Duty.CONNECTION);
        worker.attempts().now();
        if (started && wasDisconnected) {
          road.reassure();
        }
        wasDisconnected = false;
      }
    }
  }

  @Override
  public void troubled() {
    lifecycle.refresh();
  }

  @Override
  public void healed(Duration after) {
    lifecycle.refresh();
    if (started && !ended) {
      road.healed(after);
    }
  }

  @Override
  public void groupLost() {
    if (worker.settings().membership().lostGroup() == LostGroup.FAIL) {
      fail(
          "group: '"
              + worker.group()
              + "' of stream '"
              + worker.stream()
              + "' is gone, and the policy for a lost group is FAIL");
    } else if (!ended) {
      road.restoreGroup(); // a worker that stops needs it too: to give back what it holds
    }
  }

  // --- pause and resume

  /** Pauses by hand. */
  void pause(Runnable paused) {
    if (stopping || ended) {
      paused.run();
    } else {
      log.info("{}: pausing, by hand", worker.name());
      road.pause().begin(Pause.By.HAND, "by hand", paused);
    }
  }

  /** Ends a pause by hand. */
  void resume() {
    if (!stopping && !ended) {
      log.info("{}: resuming, by hand", worker.name());
      road.pause().end(Pause.By.HAND);
    }
  }

  @Override
  public void ask() {
    road.pump();
  }

  @Override
  public void refused(String why) {
    if (!stopping && !ended) {
      log.info("{}: pausing, {}", worker.name(), why);
      road.pause().begin(Pause.By.GUARD, why, () -> {});
    }
  }

  @Override
  public void admitted() {
    if (!stopping && !ended) {
      log.info("{}: resuming, the guard lets through again", worker.name());
      road.pause().end(Pause.By.GUARD);
    }
  }

  // --- the end

  /** Stops, and says why it will not start again. */
  private void fail(String why) {
    if (failure == null && !stopping) {
      failure = why;
      log.error("{}: {}", worker.name(), why);
      worker.attempts().groupGivenUp();
      stop();
    }
  }

  /** Begins to stop; asking again does nothing. */
  void stop() {
    if (stopping || ended) {
      return;
    }
    stopping = true;
    lifecycle.stopping();
    if (!started) {
      end();
      return;
    }
    log.info("{}: stopping", worker.name());
    road.drain();
  }

  private void engineClosed() {
    if (!ended) {
      stopping = true;
      log.warn("{}: its engine was closed under it; what it held stays pending", worker.name());
      road.cut();
      end();
    }
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    stopping = true;
    road.end();
    events.dispose();
    worker.observer().stopped();
    resources.dispose();
    worker.loop().end(); // who hears of the end may close the engine: nothing of ours asks it then
    String why = failure;
    if (why == null) {
      log.info("{}: stopped", worker.name());
      lifecycle.stopped();
    } else {
      lifecycle.failed(why);
    }
  }
}
